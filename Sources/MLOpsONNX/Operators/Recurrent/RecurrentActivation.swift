internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A function of the gates of a recurrent network. Source: the ONNX standard, operators `RNN`, `GRU` and `LSTM`.
struct RecurrentActivation: Sendable {
    private enum Kind: String, CaseIterable {
        case relu, tanh, sigmoid, affine, leakyrelu, thresholdedrelu, scaledtanh, hardsigmoid, elu, softsign, softplus
    }
    private let kind: Kind
    private let alpha: Float
    private let beta: Float

    /// A function by its name, whose letters may be large or small; nil for a parameter takes the default.
    init(_ name: String, alpha: Float?, beta: Float?) throws {
        guard let kind = Kind(rawValue: name.lowercased()) else {
            throw MLOpsError(
                .invalidArgument, "The activation '\(name)' is not known.",
                help: "Use one of \(Kind.allCases.map(\.rawValue)).")
        }
        self.kind = kind
        let defaults: (Float, Float) =
            switch kind {
            case .leakyrelu: (0.01, 0)
            case .hardsigmoid: (0.2, 0.5)
            default: (1, 0)
            }
        (self.alpha, self.beta) = (alpha ?? defaults.0, beta ?? defaults.1)
    }

    func callAsFunction(_ x: Float) -> Float {
        switch kind {
        case .relu: max(x, 0)
        case .tanh: Self.tangent(x)
        case .sigmoid: 1 / (1 + exp(-x))
        case .affine: alpha * x + beta
        case .leakyrelu: x < 0 ? alpha * x : x
        case .thresholdedrelu: x >= alpha ? x : 0
        case .scaledtanh: alpha * Self.tangent(beta * x)
        case .hardsigmoid: min(max(alpha * x + beta, 0), 1)
        case .elu: x < 0 ? alpha * (exp(x) - 1) : x
        case .softsign: x / (1 + abs(x))
        case .softplus: log(1 + exp(x))
        }
    }

    private static func tangent(_ x: Float) -> Float { tanh(x) }
}
