extension Double {
    /// A share in percent with one decimal, such as `12.5 %`.
    var percent: String { "\((self * 1000).rounded() / 10) %" }

    /// The number with three significant digits or more, for people.
    var short: String {
        let scale = abs(self) >= 100 ? 10.0 : abs(self) >= 1 ? 100.0 : 10_000.0
        return abs(self) < 1e12 ? "\((self * scale).rounded() / scale)" : "\(self)"
    }
}

/// A whole number with its thousands set apart.
func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    let groups = digits.enumerated().reduce(into: "") { text, digit in
        if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text += "," }
        text.append(digit.element)
    }
    return number < 0 ? "-" + groups : groups
}
