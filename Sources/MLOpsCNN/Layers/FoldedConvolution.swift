internal import MLOpsTensor

/// The filters of a convolution with what follows it multiplied in, for prediction: kept over passes for as long as
/// neither changes.
struct FoldedConvolution {
    private var filters: PackedFilters?
    private var version = -1
    private var instructionSet: InstructionSet?
    private let scale: Tensor

    /// Makes filters of no weights yet.
    ///
    /// - Parameter channels: the outputs of the convolution.
    init(channels: Int) { scale = Tensor(shape: [channels]) }

    /// The filters.
    ///
    /// - Parameters:
    ///   - weights: `[R, S, C / groups, K]`.
    ///   - scale: what each output is multiplied by, `[K]`.
    ///   - images: the shape of those that are to be convolved, `[N, H, W, C]`.
    mutating func filters(
        of weights: Parameter, scale: Tensor, geometry: ConvolutionGeometry, images: [Int], _ compute: Compute
    ) -> PackedFilters {
        // By their bits, for what is no number does not equal itself.
        let isSame =
            version == weights.version && instructionSet == compute.instructionSet
            && (0..<scale.count).allSatisfy { scale.pointer[$0].bitPattern == self.scale.pointer[$0].bitPattern }
        if isSame, let filters { return filters }
        let s = weights.value.shape
        let (taps, inputs, outputs) = (s[0] * s[1], s[2], s[3])
        let stated = Tensor(shape: [outputs, inputs, s[0], s[1]])
        for tap in 0..<taps {
            for input in 0..<inputs {
                let source = weights.value.pointer + (tap * inputs + input) * outputs
                for output in 0..<outputs { stated.pointer[(output * inputs + input) * taps + tap] = source[output] }
            }
        }
        let result = PackedFilters(
            stated.pointer, shape: stated.shape, scales: (0..<outputs).map { scale.pointer[$0] }, geometry: geometry,
            images: images, compute)
        self.scale.pointer.update(from: scale.pointer, count: scale.count)
        (filters, version, instructionSet) = (result, weights.version, compute.instructionSet)
        return result
    }
}
