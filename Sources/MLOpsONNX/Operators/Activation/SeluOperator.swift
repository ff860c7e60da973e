internal import Foundation

/// `Selu`: γ x, and γ α (eˣ − 1) below zero.
struct SeluOperator: UnaryArithmetic {
    static let name = "Selu"
    private let alpha: Float
    private let gamma: Float

    init(_ node: inout NodeReader) throws {
        alpha = try node.float("alpha") ?? 1.673_263_2
        gamma = try node.float("gamma") ?? 1.050_701
    }

    func apply(_ x: Float) -> Float { gamma * (x < 0 ? alpha * expm1(x) : x) }
    func apply(_ x: Double) -> Double { Double(gamma) * (x < 0 ? Double(alpha) * expm1(x) : x) }
}
