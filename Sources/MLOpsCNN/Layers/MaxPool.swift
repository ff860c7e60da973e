package import MLOpsTensor

/// The greatest value of each window of pictures [N, H, W, C].
package final class MaxPool: Layer {
    package let parameters: [Parameter] = []
    private let geometry: PoolingGeometry
    private let output: FeatureShape
    private var inputShape: [Int] = []
    private var indices: [Int: PoolingIndices] = [:]
    private var outputs = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer.
    package init(geometry: PoolingGeometry, output: FeatureShape) {
        self.geometry = geometry
        self.output = output
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        inputShape = input.values.shape
        let y = outputs.tensor(output, batch: inputShape[0])
        if pass.isTraining, indices[y.count] == nil { indices[y.count] = PoolingIndices(count: y.count) }
        compute.maxPool(
            input.values, activation: input.activation, geometry: geometry, into: y,
            indices: pass.isTraining ? indices[y.count] : nil)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        let (pooled, dx) = unwritten(gradient)
        compute.maxPoolBackward(pooled.dy, indices: pooled.indices, geometry: pooled.geometry, into: dx)
        return dx
    }

    /// What is needed to write the gradient of the input, and where to.
    func unwritten(_ gradient: Tensor) -> (PooledGradient, dx: Tensor) {
        guard let indices = indices[gradient.count] else { preconditionFailure("backward comes after forward") }
        return (PooledGradient(dy: gradient, indices: indices, geometry: geometry), gradients.tensor(inputShape))
    }
}
