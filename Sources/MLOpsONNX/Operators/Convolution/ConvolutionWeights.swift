internal import MLOpsCore
internal import MLOpsTensor
internal import Synchronization

/// The constant weights and bias of a convolution, laid out once for all runs of all plans that share them.
final class ConvolutionWeights: Sendable {
    /// [K, C / groups, R, S], or [K, C / groups, S] for lines.
    let shape: [Int]
    private let bias: Constant?
    private let state: Mutex<State>

    /// Unchecked Sendable: nobody writes the tensor any more.
    private struct Constant: @unchecked Sendable { let tensor: Tensor }

    private enum State {
        /// As they came, and what those of each output are multiplied by.
        case plain(Value, scales: [Float]?)
        case packed(PackedFilters)
    }

    /// Takes in weights, and a bias [K] or none.
    ///
    /// - Parameter scales: what the weights of each output are multiplied by; `nil` for nothing.
    /// - Throws: `invalidArgument` for a bias of another length.
    init(_ value: Value, scales: [Float]?, bias: Value?) throws {
        shape = value.shape
        if let bias, bias.shape != Array(shape.prefix(1)) {
            throw MLOpsError(
                .invalidArgument, "A bias \(bias.shape) does not fit weights \(shape).",
                help: "Give one number for each of the first extent of the weights.")
        }
        self.bias = try bias.map { Constant(tensor: try $0.floats()) }
        state = Mutex(.plain(value, scales: scales))
    }

    /// Loads weights that are still in their file.
    func load() throws {
        try state.withLock { state in
            guard case .plain(let value, let scales) = state else { return }
            state = .plain(try value.loaded(), scales: scales)
        }
    }

    /// The weights as kernels read them.
    ///
    /// - Parameters:
    ///   - images: [N, H, W, C], the shape of the images that are known first.
    ///   - sizesVary: whether images of other sizes may come.
    func filters(
        _ geometry: ConvolutionGeometry, images: [Int], sizesVary: Bool, _ compute: Compute
    ) throws -> PackedFilters {
        try state.withLock { state in
            switch state {
            case .packed(let filters): return filters
            case .plain(let value, let scales):
                let shape = shape.count == 3 ? [shape[0], shape[1], 1, shape[2]] : shape
                let filters = try value.withFloats(compute) {
                    PackedFilters(
                        $0, shape: shape, scales: scales, geometry: geometry, images: images, sizesVary: sizesVary,
                        compute)
                }
                state = .packed(filters)
                return filters
            }
        }
    }

    /// f(convolution + bias + addend).
    func convolve(
        _ x: Tensor, _ geometry: ConvolutionGeometry, addend: Tensor?, _ function: ElementFunction, into y: Tensor,
        _ compute: Compute
    ) throws {
        compute.convolution(
            x, filters: try filters(geometry, images: x.shape, sizesVary: true, compute), bias: bias?.tensor,
            geometry: geometry,
            addend: addend, function: function, into: y)
    }

    /// The maxima of f(convolution + bias) in windows of 2 × 2.
    ///
    /// - Parameter shape: [N, P, Q, K], that of the convolution.
    func convolve(
        _ x: Tensor, _ geometry: ConvolutionGeometry, shape: [Int], _ function: ElementFunction, pooledInto y: Tensor,
        _ compute: Compute
    ) throws {
        compute.pooledConvolution(
            x, filters: try filters(geometry, images: x.shape, sizesVary: true, compute), bias: bias?.tensor,
            geometry: geometry, shape: shape, function: function, into: y)
    }
}
