internal import Foundation
internal import MLOpsTensor

/// `Sigmoid`: 1 / (1 + e⁻ˣ).
struct SigmoidOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "Sigmoid"

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .logistic }

    func apply(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
    func apply(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
