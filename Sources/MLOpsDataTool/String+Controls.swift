extension String {
    /// The text with control characters spelled out: names of files can hold what moves a terminal's cursor.
    var withoutControls: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.properties.generalCategory == .control {
                text += scalar.escaped(asASCII: true)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}
