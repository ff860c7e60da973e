internal import Foundation
internal import MLOpsTensor

/// `Tanh`: the hyperbolic tangent.
struct TanhOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "Tanh"

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .hyperbolicTangent }

    func apply(_ x: Float) -> Float { tanh(x) }
    func apply(_ x: Double) -> Double { tanh(x) }
}
