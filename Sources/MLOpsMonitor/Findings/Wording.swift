internal import Foundation

/// Numbers in the words of messages.
enum Wording {
    /// A share in percent with one decimal, such as `12.5 %`.
    static func percent(_ share: Double) -> String { "\(number(share * 100, 1)) %" }

    /// A probability after its sign: no test is so certain as a bare 0 would say.
    static func probability(_ p: Double) -> String { p < 0.0001 ? "< 0.0001" : "= \(number(p, 4))" }

    /// A number with a fixed count of decimals, in the same spelling everywhere.
    static func number(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", locale: Locale(identifier: "en_US_POSIX"), value)
    }
}
