internal import Foundation

/// `Celu`: max(0, x) + min(0, α (e^(x / α) − 1)).
struct CeluOperator: UnaryArithmetic {
    static let name = "Celu"
    static let operatorSets = 12...ONNXDocument.latestOperatorSet
    private let alpha: Float

    init(_ node: inout NodeReader) throws { alpha = try node.float("alpha") ?? 1 }

    func apply(_ x: Float) -> Float { max(0, x) + min(0, alpha * expm1(x / alpha)) }
    func apply(_ x: Double) -> Double { max(0, x) + min(0, Double(alpha) * expm1(x / Double(alpha))) }
}
