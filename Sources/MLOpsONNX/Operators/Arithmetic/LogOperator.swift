internal import Foundation

/// `Log`: the natural logarithm.
struct LogOperator: UnaryArithmetic {
    static let name = "Log"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { log(x) }
    func apply(_ x: Double) -> Double { log(x) }
}
