internal import Foundation

/// `Cosh`: the hyperbolic cosine.
struct CoshOperator: UnaryArithmetic {
    static let name = "Cosh"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { cosh(x) }
    func apply(_ x: Double) -> Double { cosh(x) }
}
