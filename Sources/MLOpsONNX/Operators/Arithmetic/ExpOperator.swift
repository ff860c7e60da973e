internal import Foundation
internal import MLOpsTensor

/// `Exp`: eˣ.
struct ExpOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "Exp"

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .exponential }

    func apply(_ x: Float) -> Float { exp(x) }
    func apply(_ x: Double) -> Double { exp(x) }
}
