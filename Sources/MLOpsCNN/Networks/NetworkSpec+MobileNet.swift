extension NetworkSpec {
    /// MobileNetV2 as published for pictures of 224 pixels: 2.2 million parameters and the head.
    ///
    /// Blocks that widen by 1 × 1 convolutions, filter each channel by itself, and narrow again; the input goes around
    /// a block where its shape stays.
    ///
    /// Source: M. Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018, table 2.
    ///
    /// - Parameters:
    ///   - classes: the number of classes.
    ///   - dropout: the share of features that are dropped before the dense layer.
    public static func mobileNetV2(classes: Int, dropout: Double = 0.2) -> NetworkSpec {
        var layers: [LayerSpec] = [.convolution(filters: 32, stride: 2), .batchNorm, .relu6]
        var channels = 32
        let stages: [(expansion: Int, filters: Int, blocks: Int, stride: Int)] = [
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
            (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
        ]
        for stage in stages {
            for block in 0..<stage.blocks {
                let bottleneck = invertedResidual(
                    channels: channels, expansion: stage.expansion, filters: stage.filters,
                    stride: block == 0 ? stage.stride : 1)
                let goesAround = channels == stage.filters && (block > 0 || stage.stride == 1)
                layers += goesAround ? [.residual(bottleneck)] : bottleneck
                channels = stage.filters
            }
        }
        layers += [
            .convolution(filters: 1280, kernel: 1, padding: 0), .batchNorm, .relu6, .globalAveragePool,
            .dropout(rate: dropout), .dense(units: classes),
        ]
        return NetworkSpec("mobileNetV2", layers)
    }

    private static func invertedResidual(channels: Int, expansion: Int, filters: Int, stride: Int) -> [LayerSpec] {
        let widening: [LayerSpec] = [
            .convolution(filters: channels * expansion, kernel: 1, padding: 0), .batchNorm, .relu6,
        ]
        return (expansion > 1 ? widening : []) + [
            .depthwiseConvolution(stride: stride), .batchNorm, .relu6,
            .convolution(filters: filters, kernel: 1, padding: 0), .batchNorm,
        ]
    }
}
