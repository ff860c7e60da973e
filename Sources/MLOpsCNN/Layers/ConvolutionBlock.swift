package import MLOpsTensor

/// A convolution, batch normalization and, where it has one, a ReLU or ReLU6 as one layer: only the convolution's own
/// output is written to memory.
///
/// The statistics of the batch are taken while the convolution writes. The normalization and the ReLU are left to the
/// next layer, where that can do them as it reads; and on the way back, the gradient of both is computed where the
/// convolution reads it, and summed by the next layer where that writes it, or with a pooling's. For prediction, the
/// normalization is multiplied into the filters, and nothing is left to the next layer. Numbers are those of
/// ``Convolution``, ``BatchNorm`` and ``ReLU`` up to rounding.
package final class ConvolutionBlock: Layer {
    package let parameters: [Parameter]
    private let geometry: ConvolutionGeometry
    private let output: FeatureShape
    private let givesInputGradient: Bool
    private let clipping: Clipping
    private let leavesActivation: Bool
    private let statistics: BatchStatistics
    private let activation: ChannelActivation
    private let factor: Tensor, slope: Tensor, summand: Tensor
    private let sums: GradientSums
    private var input: Features?
    private var wasTraining = false
    private var z: Tensor?
    private var folded: FoldedConvolution
    /// The shape of the convolution of the last batch of which only maxima were written.
    private var pooledShape: [Int] = []
    private var convolved = TensorPool()
    private var activated = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - parameters: the weights of the convolution, then scale, shift, running mean and running variance.
    ///   - clipping: what follows the normalization.
    ///   - leavesActivation: whether that is ReLU, and the next layer can normalize and clip what it reads.
    package init(
        _ parameters: [Parameter], geometry: ConvolutionGeometry, output: FeatureShape, clipping: Clipping,
        givesInputGradient: Bool, leavesActivation: Bool
    ) {
        self.parameters = parameters
        self.geometry = geometry
        self.output = output
        self.givesInputGradient = givesInputGradient
        self.clipping = clipping
        self.leavesActivation = leavesActivation && clipping == .relu
        statistics = BatchStatistics(Array(parameters[1...]))
        activation = ChannelActivation(channels: output.channels)
        folded = FoldedConvolution(channels: output.channels)
        factor = Tensor(shape: [output.channels])
        slope = Tensor(shape: [output.channels])
        summand = Tensor(shape: [output.channels])
        sums = GradientSums(mean: statistics.mean)
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        self.input = input
        wasTraining = pass.isTraining
        let z = convolved.tensor(output, batch: input.values.shape[0])
        self.z = z
        guard pass.isTraining else {
            compute.convolution(
                input.plain, filters: filters(for: input, compute), bias: activation.shift, geometry: geometry,
                addend: nil, function: clipping.function, into: z)
            return Features(z)
        }
        compute.convolution(
            input.values, activation: input.activation, weights: parameters[0].value, geometry: geometry, into: z,
            moments: statistics.batch)
        statistics.setFromBatch(rows: z.rows)
        statistics.fill(activation)
        guard !leavesActivation else {
            sums.forget()
            return Features(z, activation: activation, gradientSums: sums)
        }
        let y = activated.tensor(z.shape)
        compute.scaleAndShift(z, scale: activation.scale, shift: activation.shift, clipping: clipping, into: y)
        return Features(y)
    }

    /// A prediction of which only the maximum of each window of 2 × 2 is written.
    ///
    /// - Parameter y: `[N, P / 2, Q / 2, K]`, where the convolution gives `[N, P, Q, K]` with P and Q even.
    func predictMaxima(_ input: Features, into y: Tensor, compute: Compute) {
        wasTraining = false
        if pooledShape.first != y.shape[0] { pooledShape = output.batched(y.shape[0]) }
        compute.pooledConvolution(
            input.plain, filters: filters(for: input, compute), bias: activation.shift, geometry: geometry,
            shape: pooledShape, function: clipping.function, into: y)
    }

    /// The filters for prediction; sets the activation, of which the shift is left to do.
    private func filters(for input: Features, _ compute: Compute) -> PackedFilters {
        statistics.setFromRunning()
        statistics.fill(activation)
        return folded.filters(
            of: parameters[0], scale: activation.scale, geometry: geometry, images: input.values.shape, compute)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        backward(gradient, of: nil, compute: compute)
    }

    /// - Parameter pooled: where the output was pooled, the gradient for its maxima, from which `gradient` is written.
    func backward(_ gradient: Tensor, of pooled: PooledGradient?, compute: Compute) -> Tensor? {
        guard let input, let z, wasTraining else { preconditionFailure("backward comes after a step of training") }
        let gradient = NormalizedGradient(
            dy: gradient, z: z, activation: activation, clipping: clipping, factor: factor, slope: slope,
            summand: summand, pooled: pooled, sums: sums)
        compute.prepare(
            gradient, scale: parameters[1].value, mean: statistics.mean,
            inverseDeviation: statistics.inverseDeviation, dScale: parameters[1].gradient,
            dOffset: parameters[2].gradient)
        let dx = givesInputGradient ? gradients.tensor(input.values.shape) : nil
        compute.convolutionBackward(
            gradient, x: input.values, activation: input.activation, weights: parameters[0].value,
            geometry: geometry, into: parameters[0].gradient, dx: dx, sums: input.gradientSums)
        return dx
    }
}

extension Clipping {
    /// The same as a function of each element.
    fileprivate var function: ElementFunction {
        switch self {
        case .none: .identity
        case .relu: .clamp(0, .infinity)
        case .relu6: .clamp(0, 6)
        }
    }
}
