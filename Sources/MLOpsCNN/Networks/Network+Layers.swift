internal import MLOpsTensor

extension Network {
    /// The layers at work; a convolution, normalization and ReLU in a row become one.
    static func layers(
        of spec: NetworkSpec, _ shapes: [FeatureShape], _ parameters: [Parameter]
    ) -> [any Layer] {
        let byLayer = Dictionary(grouping: parameters, by: \.spec.layer)
        var layers: [any Layer] = []
        var index = 0
        while index < spec.layers.count {
            let own = byLayer[index] ?? []
            let output = shapes[index + 1]
            if case .convolution(_, let kernel, let stride, let padding) = spec.layers[index] {
                let geometry = ConvolutionGeometry(kernel: kernel, stride: stride, padding: padding)
                if spec.isBlock(at: index) {
                    layers.append(
                        ConvolutionBlock(
                            own + (byLayer[index + 1] ?? []), geometry: geometry, output: output,
                            givesInputGradient: index > 0, leavesActivation: spec.activates(at: index + 3)))
                    index += 3
                    continue
                }
                layers.append(
                    Convolution(own, geometry: geometry, output: output, givesInputGradient: index > 0))
            } else {
                layers.append(layer(spec.layers[index], at: index, of: spec, own, output))
            }
            index += 1
        }
        return layers
    }

    private static func layer(
        _ layer: LayerSpec, at index: Int, of spec: NetworkSpec, _ own: [Parameter], _ output: FeatureShape
    ) -> any Layer {
        switch layer {
        case .convolution: preconditionFailure("Convolutions are made by layers(of:_:_:)")
        case .batchNorm: return BatchNorm(own)
        case .relu: return ReLU(isInPlace: index > 0 && spec.layers[index - 1].isDoneWithItsOutput)
        case .maxPool(let size, let stride):
            return MaxPool(geometry: PoolingGeometry(window: size, stride: stride), output: output)
        case .dropout(let rate): return Dropout(rate: rate, index: index)
        case .globalAveragePool: return GlobalAveragePool()
        case .dense: return Dense(own, givesInputGradient: index > 0)
        }
    }
}

extension NetworkSpec {
    /// Whether a convolution, batch normalization and ReLU stand there.
    fileprivate func isBlock(at index: Int) -> Bool {
        guard index + 2 < layers.count, case .convolution = layers[index] else { return false }
        return layers[index + 1] == .batchNorm && layers[index + 2] == .relu
    }

    /// Whether the layer there does what is left to be done to its input as it reads.
    fileprivate func activates(at index: Int) -> Bool {
        guard index < layers.count else { return false }
        if case .maxPool = layers[index] { return true }
        return isBlock(at: index)
    }
}

extension LayerSpec {
    /// Whether the layer does not need its output for the backward pass, so that the next may overwrite it.
    fileprivate var isDoneWithItsOutput: Bool {
        switch self {
        case .convolution, .batchNorm, .dense: true
        case .relu, .maxPool, .dropout, .globalAveragePool: false
        }
    }
}
