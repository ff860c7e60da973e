extension NetworkSpec {
    /// ResNet-18 as published for pictures of 224 pixels: 11.2 million parameters and the head.
    ///
    /// A 7 × 7 convolution and a pooling, each of stride 2; then four stages of two residual blocks with 64, 128, 256
    /// and 512 filters, the picture halved before each but the first; then the mean of each channel and a dense layer.
    ///
    /// Source: K. He et al., "Deep residual learning for image recognition", CVPR 2016, table 1.
    ///
    /// - Parameters:
    ///   - classes: the number of classes.
    ///   - width: what the numbers of filters are multiplied by.
    public static func resNet18(classes: Int, width: Double = 1) -> NetworkSpec {
        func filters(_ count: Int) -> Int { max(4, Int((Double(count) * width / 4).rounded()) * 4) }
        var layers: [LayerSpec] = [
            .convolution(filters: filters(64), kernel: 7, stride: 2, padding: 3), .batchNorm, .relu,
            .maxPool(size: 3, stride: 2, padding: 1),
        ]
        for (stage, count) in [64, 128, 256, 512].enumerated() {
            for block in 0..<2 {
                layers += residualBlock(filters: filters(count), stride: stage > 0 && block == 0 ? 2 : 1)
            }
        }
        return NetworkSpec("resNet18", layers + [.globalAveragePool, .dense(units: classes)])
    }

    /// Two 3 × 3 convolutions around which the input goes by; a strided 1 × 1 convolution fits it where the shape
    /// changes.
    private static func residualBlock(filters: Int, stride: Int) -> [LayerSpec] {
        let fit: [LayerSpec] = [.convolution(filters: filters, kernel: 1, stride: stride, padding: 0), .batchNorm]
        return [
            .residual(
                [
                    .convolution(filters: filters, stride: stride), .batchNorm, .relu,
                    .convolution(filters: filters), .batchNorm,
                ], shortcut: stride > 1 ? fit : []),
            .relu,
        ]
    }
}
