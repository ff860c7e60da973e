internal import Foundation

/// `Asinh`: the inverse of the hyperbolic sine.
struct AsinhOperator: UnaryArithmetic {
    static let name = "Asinh"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { asinh(x) }
    func apply(_ x: Double) -> Double { asinh(x) }
}
