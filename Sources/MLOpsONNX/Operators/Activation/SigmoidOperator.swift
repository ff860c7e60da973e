internal import Foundation

/// `Sigmoid`: 1 / (1 + e⁻ˣ).
struct SigmoidOperator: UnaryArithmetic {
    static let name = "Sigmoid"

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
    func apply(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
