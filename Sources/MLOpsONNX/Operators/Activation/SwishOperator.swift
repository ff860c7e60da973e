internal import Foundation
internal import MLOpsTensor

/// `Swish`: x / (1 + e^(−α x)).
struct SwishOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "Swish"
    static let operatorSets = 24...ONNXDocument.latestOperatorSet
    private let alpha: Float

    init(_ node: inout NodeReader) throws { alpha = try node.float("alpha") ?? 1 }

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { .swish(alpha) }

    func apply(_ x: Float) -> Float { x / (1 + exp(-alpha * x)) }
    func apply(_ x: Double) -> Double { x / (1 + exp(-Double(alpha) * x)) }
}
