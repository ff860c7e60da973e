internal import MLOpsCore
internal import MLOpsTensor
internal import Synchronization

/// The constant weights and bias of a convolution, laid out once for all runs of all sessions that share them.
///
/// Unchecked Sendable: the tensors are written in the initializer, and only read after it.
final class ConvolutionWeights: @unchecked Sendable {
    /// [K, C / groups, R, S], or [K, C / groups, S] for lines.
    let shape: [Int]
    /// [R, S, C / groups, K]; empty once a product's panels are all that is needed.
    private let weights: Tensor
    private let bias: Tensor?
    private let packed = PackedWeights()
    private let isPointwise: Bool
    private let matrix = Mutex<PackedMatrix?>(nil)

    init(_ value: Value, bias: Value?, geometry: ConvOperator) throws {
        shape = value.shape
        weights = try ConvOperator.channelsLast(value)
        self.bias = try bias?.floats()
        isPointwise = geometry.isPointwise && shape.dropFirst(2).allSatisfy { $0 == 1 }
    }

    /// Lays out now what would be laid out by the first run.
    func pack(_ compute: Compute) { if isPointwise { _ = panels(compute) } }

    /// f(convolution + bias + addend).
    func convolve(
        _ x: Tensor, _ geometry: ConvolutionGeometry, addend: Tensor?, _ function: ElementFunction, into y: Tensor,
        _ compute: Compute
    ) {
        if isPointwise, geometry == ConvolutionGeometry(kernel: 1) {
            return compute.product(x, panels(compute), bias: bias, addend: addend, function, into: y)
        }
        compute.convolution(
            x, activation: nil, weights: weights, bias: bias, packed: packed, geometry: geometry, addend: addend,
            function: function, into: y, moments: nil)
    }

    private func panels(_ compute: Compute) -> PackedMatrix {
        matrix.withLock { matrix in
            if let matrix { return matrix }
            let made = PackedMatrix(
                Tensor(shape: Array(weights.shape[2...]), in: weights.pointer, of: weights), compute)
            matrix = made
            return made
        }
    }
}
