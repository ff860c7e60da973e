internal import Foundation

/// Numbers in the words of messages.
enum Wording {
    /// A share in percent with one decimal, such as `12.5 %`.
    static func percent(_ share: Double) -> String { "\(number(share * 100, 1)) %" }

    /// A number with a fixed count of decimals, in the same spelling everywhere.
    static func number(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", locale: Locale(identifier: "en_US_POSIX"), value)
    }
}
