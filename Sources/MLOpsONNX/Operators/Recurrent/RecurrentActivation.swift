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

    /// A function by its name, whose letters may be large or small.
    ///
    /// - Parameters:
    ///   - alphas: the values of α that are left, of which a function that has one takes the first; the default of the
    ///     function when there are none.
    ///   - betas: the same for β.
    init(_ name: String, alphas: inout ArraySlice<Float>, betas: inout ArraySlice<Float>) throws {
        guard let kind = Kind(rawValue: name.lowercased()) else {
            throw MLOpsError(
                .invalidArgument, "The activation '\(name)' is not known.",
                help: "Use one of \(Kind.allCases.map(\.rawValue)).")
        }
        self.kind = kind
        let (alpha, beta): (Float?, Float?) =
            switch kind {
            case .relu, .tanh, .sigmoid, .softsign, .softplus: (nil, nil)
            case .leakyrelu: (0.01, nil)
            case .thresholdedrelu, .elu: (1, nil)
            case .affine, .scaledtanh: (1, 0)
            case .hardsigmoid: (0.2, 0.5)
            }
        self.alpha = alpha.map { alphas.popFirst() ?? $0 } ?? 1
        self.beta = beta.map { betas.popFirst() ?? $0 } ?? 0
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
