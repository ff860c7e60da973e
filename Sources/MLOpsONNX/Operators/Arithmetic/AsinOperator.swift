internal import Foundation

/// `Asin`: the arc sine, in radians.
struct AsinOperator: UnaryArithmetic {
    static let name = "Asin"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { asin(x) }
    func apply(_ x: Double) -> Double { asin(x) }
}
