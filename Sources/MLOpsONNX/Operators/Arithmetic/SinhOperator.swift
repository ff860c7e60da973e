internal import Foundation

/// `Sinh`: the hyperbolic sine.
struct SinhOperator: UnaryArithmetic {
    static let name = "Sinh"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { sinh(x) }
    func apply(_ x: Double) -> Double { sinh(x) }
}
