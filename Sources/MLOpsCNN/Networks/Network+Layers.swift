internal import MLOpsTensor

extension Network {
    /// The layers at work; a convolution, its normalization and a ReLU or ReLU6 in a row become one.
    ///
    /// - Parameters:
    ///   - layers: those of a network, or of a branch of a residual.
    ///   - parameters: the tensors of each layer, by its number.
    ///   - givingInputGradient: whether somebody needs the gradient for what goes into the first of them.
    static func layers(
        _ layers: [PlacedLayer], _ parameters: [Int: [Parameter]], givingInputGradient: Bool
    ) -> [any Layer] {
        var result: [any Layer] = []
        var place = 0
        while place < layers.count {
            let layer = layers[place]
            var own = parameters[layer.index] ?? []
            let givesInputGradient = place > 0 || givingInputGradient
            if let geometry = layer.geometry {
                if layers.isBlock(at: place) {
                    own += parameters[layers[place + 1].index] ?? []
                    let clipping = layers.clipping(at: place + 2)
                    place += clipping == .none ? 2 : 3
                    let block = ConvolutionBlock(
                        own, geometry: geometry, output: layer.output, clipping: clipping,
                        givesInputGradient: givesInputGradient, leavesActivation: layers.activates(at: place))
                    if let pool = layers.halving(at: place) {
                        result.append(PooledBlock(block, pool, output: layers[place].output))
                        place += 1
                    } else {
                        result.append(block)
                    }
                    continue
                }
                result.append(
                    Convolution(
                        own, geometry: geometry, output: layer.output, givesInputGradient: givesInputGradient))
            } else if case .residual = layer.spec {
                result.append(
                    Residual(
                        Self.layers(layer.body, parameters, givingInputGradient: givesInputGradient),
                        shortcut: Self.layers(layer.shortcut, parameters, givingInputGradient: givesInputGradient)))
            } else {
                let isInPlace = place > 0 && layers[place - 1].spec.isDoneWithItsOutput
                result.append(
                    Self.layer(layer, own, isInPlace: isInPlace, givesInputGradient: givesInputGradient))
            }
            place += 1
        }
        return result
    }

    private static func layer(
        _ layer: PlacedLayer, _ own: [Parameter], isInPlace: Bool, givesInputGradient: Bool
    ) -> any Layer {
        switch layer.spec {
        case .convolution, .depthwiseConvolution, .residual:
            preconditionFailure("Convolutions and residuals are made by layers(_:_:givingInputGradient:)")
        case .batchNorm: BatchNorm(own)
        case .groupNorm(let groups): GroupNorm(own, groups: groups)
        case .relu: ReLU(isInPlace: isInPlace)
        case .relu6: ActivationLayer(.relu6)
        case .gelu: ActivationLayer(.gelu)
        case .silu: ActivationLayer(.silu)
        case .maxPool(let size, let stride, let padding):
            MaxPool(
                geometry: PoolingGeometry(window: size, stride: stride, padding: padding), output: layer.output)
        case .averagePool(let size, let stride):
            AveragePool(geometry: PoolingGeometry(window: size, stride: stride), output: layer.output)
        case .dropout(let rate): Dropout(rate: rate, index: layer.index)
        case .globalAveragePool: GlobalAveragePool()
        case .dense: Dense(own, givesInputGradient: givesInputGradient)
        }
    }
}

extension PlacedLayer {
    /// How the kernel of a convolution lies on its input; nil for another layer.
    fileprivate var geometry: ConvolutionGeometry? {
        switch spec {
        case .convolution(_, let kernel, let stride, let padding):
            ConvolutionGeometry(kernel: kernel, stride: stride, padding: padding)
        case .depthwiseConvolution(let kernel, let stride, let padding):
            ConvolutionGeometry(kernel: kernel, stride: stride, padding: padding, groups: input.channels)
        default: nil
        }
    }
}

extension [PlacedLayer] {
    /// Whether a convolution and batch normalization stand there.
    fileprivate func isBlock(at place: Int) -> Bool {
        place + 1 < count && self[place].geometry != nil && self[place + 1].spec == .batchNorm
    }

    /// What the layer there cuts off.
    fileprivate func clipping(at place: Int) -> Clipping {
        guard place < count else { return .none }
        switch self[place].spec {
        case .relu: return .relu
        case .relu6: return .relu6
        default: return .none
        }
    }

    /// The max pooling that stands there, if it takes windows of 2 × 2 of features with even sides.
    fileprivate func halving(at place: Int) -> MaxPool? {
        guard place < count, self[place].spec == .maxPool(size: 2, stride: 2, padding: 0),
            self[place].input.height % 2 == 0, self[place].input.width % 2 == 0
        else { return nil }
        return MaxPool(geometry: PoolingGeometry(window: 2), output: self[place].output)
    }

    /// Whether the layer there does what is left to be done to its input as it reads.
    fileprivate func activates(at place: Int) -> Bool {
        guard place < count else { return false }
        if case .maxPool = self[place].spec { return true }
        return isBlock(at: place)
    }
}

extension LayerSpec {
    /// Whether the layer does not need its output for the backward pass, so that the next may overwrite it.
    fileprivate var isDoneWithItsOutput: Bool {
        switch self {
        case .convolution, .depthwiseConvolution, .batchNorm, .groupNorm, .dense, .residual: true
        case .relu, .relu6, .gelu, .silu, .maxPool, .averagePool, .dropout, .globalAveragePool: false
        }
    }
}
