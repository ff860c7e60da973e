import Foundation

/// A share in percent, such as `97.2 %`.
func percent(_ share: Double) -> String { decimal(100 * share) + " %" }

/// A number with one decimal.
func decimal(_ value: Double) -> String { String(format: "%.1f", value) }
