internal import Foundation

/// `Mish`: x · tanh(log(1 + eˣ)).
struct MishOperator: UnaryArithmetic {
    static let name = "Mish"
    static let operatorSets = 18...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { x * tanh(max(x, 0) + log1p(exp(-abs(x)))) }
    func apply(_ x: Double) -> Double { x * tanh(max(x, 0) + log1p(exp(-abs(x)))) }
}
