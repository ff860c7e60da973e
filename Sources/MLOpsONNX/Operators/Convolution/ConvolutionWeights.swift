internal import MLOpsCore
internal import MLOpsTensor
internal import Synchronization

/// The constant weights and bias of a convolution, laid out once for all runs of all plans that share them.
final class ConvolutionWeights: Sendable {
    /// [K, C / groups, R, S], or [K, C / groups, S] for lines.
    let shape: [Int]
    private let bias: Constant?
    private let packed = PackedWeights()
    /// Whether each pixel is multiplied by itself: then a product does all, and the weights are kept in its form alone.
    private let isProduct: Bool
    private let state: Mutex<State>

    /// A tensor that nobody writes any more: that makes it safe to share.
    private struct Constant: @unchecked Sendable { let tensor: Tensor }

    private enum State {
        /// As they came.
        case plain(Value)
        /// [R, S, C / groups, K].
        case turned(Constant)
        case panels(PackedMatrix)
    }

    /// Takes in weights, and a bias [K] or none.
    init(_ value: Value, bias: Value?, of convolution: ConvOperator) throws {
        shape = value.shape
        self.bias = try bias.map { Constant(tensor: try $0.floats()) }
        let geometry =
            value.shape.count == 4 && value.shape[2] == 1 && value.shape[3] == 1
            ? try? convolution.geometry([1, value.shape[1], 8, 8], weights: value.shape).0 : nil
        isProduct = geometry == ConvolutionGeometry(kernel: 1)
        state = Mutex(.plain(value))
    }

    /// Lays out now what would be laid out by the first run.
    func pack(_ compute: Compute) throws {
        if isProduct { _ = try panels(compute) } else { _ = try turned(compute) }
    }

    /// f(convolution + bias + addend).
    func convolve(
        _ x: Tensor, _ geometry: ConvolutionGeometry, addend: Tensor?, _ function: ElementFunction, into y: Tensor,
        _ compute: Compute
    ) throws {
        if isProduct {
            return compute.product(
                x, try panels(compute), bias: bias?.tensor, addend: addend, function, into: y)
        }
        compute.convolution(
            x, activation: nil, weights: try turned(compute), bias: bias?.tensor, packed: packed, geometry: geometry,
            addend: addend, function: function, into: y, moments: nil)
    }

    private func panels(_ compute: Compute) throws -> PackedMatrix {
        try state.withLock { state in
            if case .panels(let matrix) = state { return matrix }
            guard case .plain(let value) = state else { throw Self.mistake }
            let plain = try value.floats()
            // [K, C, 1, 1] is the matrix [K, C].
            let matrix = PackedMatrix(
                Tensor(shape: [shape[0], shape[1]], in: plain.pointer, of: plain), transposed: true, compute)
            state = .panels(matrix)
            return matrix
        }
    }

    private func turned(_ compute: Compute) throws -> Tensor {
        let constant = try state.withLock { state -> Constant in
            if case .turned(let constant) = state { return constant }
            guard case .plain(let value) = state else { throw Self.mistake }
            let plain = try value.floats()
            let s = shape.count == 3 ? [shape[0], shape[1], 1, shape[2]] : shape
            let target = Tensor(shape: [s[2], s[3], s[1], s[0]])
            let taps = s[2] * s[3]
            let copy = StridedCopy(
                [taps, s[1], s[0]], from: [1, taps, s[1] * taps], to: [s[1] * s[0], s[0], 1])
            withExtendedLifetime(plain) { compute.copy(copy, plain.pointer, into: target.pointer) }
            let constant = Constant(tensor: target)
            state = .turned(constant)
            return constant
        }
        return constant.tensor
    }

    private static var mistake: MLOpsError {
        MLOpsError(.unsupported, "The weights lie in another form already.", help: "Please report this mistake.")
    }
}
