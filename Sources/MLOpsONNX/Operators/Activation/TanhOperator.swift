internal import Foundation

/// `Tanh`: the hyperbolic tangent.
struct TanhOperator: UnaryArithmetic {
    static let name = "Tanh"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { tanh(x) }
    func apply(_ x: Double) -> Double { tanh(x) }
}
