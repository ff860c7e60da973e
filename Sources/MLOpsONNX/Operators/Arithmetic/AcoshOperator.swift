internal import Foundation

/// `Acosh`: the inverse of the hyperbolic cosine.
struct AcoshOperator: UnaryArithmetic {
    static let name = "Acosh"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet

    init(_ node: inout NodeReader) throws {}

    func apply(_ x: Float) -> Float { acosh(x) }
    func apply(_ x: Double) -> Double { acosh(x) }
}
