internal import Foundation

/// `Elu`: x, and α (eˣ − 1) below zero.
struct EluOperator: UnaryArithmetic {
    static let name = "Elu"
    private let alpha: Float

    init(_ node: inout NodeReader) throws { alpha = try node.float("alpha") ?? 1 }

    func apply(_ x: Float) -> Float { x < 0 ? alpha * expm1(x) : x }
    func apply(_ x: Double) -> Double { x < 0 ? Double(alpha) * expm1(x) : x }
}
