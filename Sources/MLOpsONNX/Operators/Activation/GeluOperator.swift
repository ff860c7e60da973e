internal import Foundation
internal import MLOpsCore
internal import MLOpsTensor

/// `Gelu`: x · Φ(x), Φ the normal distribution, or an approximation of it by tanh.
struct GeluOperator: UnaryArithmetic, ElementFunctionOperator {
    static let name = "Gelu"
    static let operatorSets = 20...ONNXDocument.latestOperatorSet
    private let isApproximate: Bool

    init(_ node: inout NodeReader) throws {
        let kind = try node.string("approximate") ?? "none"
        guard kind == "none" || kind == "tanh" else {
            throw MLOpsError(
                .invalidArgument, "The attribute 'approximate' is '\(kind)'.", help: "Give 'none' or 'tanh'.")
        }
        isApproximate = kind == "tanh"
    }

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? {
        isApproximate ? .geluByTangent : .gelu
    }

    func apply(_ x: Float) -> Float { Float(apply(Double(x))) }
    func apply(_ x: Double) -> Double {
        // √(2 / π) = 0.7978…
        isApproximate
            ? 0.5 * x * (1 + tanh(0.797_884_560_802_865_4 * (x + 0.044715 * x * x * x)))
            : 0.5 * x * (1 + erf(x * 0.5.squareRoot()))
    }
}
