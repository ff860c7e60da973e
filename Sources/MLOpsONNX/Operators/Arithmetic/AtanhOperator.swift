internal import Foundation

/// `Atanh`: the inverse of the hyperbolic tangent.
struct AtanhOperator: UnaryArithmetic {
    static let name = "Atanh"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { atanh(x) }
    func apply(_ x: Double) -> Double { atanh(x) }
}
