package import MLOpsTensor

/// The mean of each window of pictures [N, H, W, C].
package final class AveragePool: Layer {
    package let parameters: [Parameter] = []
    private let geometry: PoolingGeometry
    private let output: FeatureShape
    private var inputShape: [Int] = []
    private var outputs = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer.
    package init(geometry: PoolingGeometry, output: FeatureShape) {
        self.geometry = geometry
        self.output = output
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = input.plain
        inputShape = x.shape
        let y = outputs.tensor(output, batch: x.shape[0])
        compute.averagePool(x, geometry: geometry, into: y)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        let dx = gradients.tensor(inputShape)
        compute.averagePoolBackward(gradient, geometry: geometry, into: dx)
        return dx
    }
}
