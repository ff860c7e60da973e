extension NetworkSpec {
    /// A plain network of eight 3 × 3 convolutions for small photographs: 1.17 million parameters at `width` 1.
    ///
    /// Four stages of two convolutions each with 32, 64, 128 and 256 filters, batch normalization after each, a halving
    /// of the picture between stages; then the mean of each channel, dropout and a dense layer. Each further stage has
    /// 256 filters, 1.18 million parameters, and sees twice as far: for pictures of more than 100 pixels.
    ///
    /// - Parameters:
    ///   - classes: the number of classes.
    ///   - stages: how many stages; 1 or more.
    ///   - width: what the numbers of filters are multiplied by; 0.25 trains about ten times as fast.
    ///   - dropout: the share of features that are dropped before the dense layer.
    public static func petNet(classes: Int, stages: Int = 4, width: Double = 1, dropout: Double = 0.2) -> NetworkSpec {
        var layers: [LayerSpec] = []
        for stage in 0..<max(1, stages) {
            let filters = 32 << min(stage, 3)
            if stage > 0 { layers.append(.maxPool()) }
            // Multiples of 4 keep the channels in whole vectors.
            let scaled = max(4, Int((Double(filters) * width / 4).rounded()) * 4)
            for _ in 0..<2 { layers += [.convolution(filters: scaled), .batchNorm, .relu] }
        }
        layers += [.globalAveragePool, .dropout(rate: dropout), .dense(units: classes)]
        return NetworkSpec("petNet", layers)
    }

    /// The classic small network, with ReLU and max pooling.
    ///
    /// Source: Y. LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 1998.
    public static func leNet(classes: Int) -> NetworkSpec {
        NetworkSpec(
            "leNet",
            [
                .convolution(filters: 6, kernel: 5, padding: 2), .relu, .maxPool(),
                .convolution(filters: 16, kernel: 5, padding: 0), .relu, .maxPool(),
                .dense(units: 120), .relu,
                .dense(units: 84), .relu,
                .dense(units: classes),
            ])
    }
}
