package import MLOpsTensor

/// The mean of each channel of pictures [N, H, W, C]: vectors [N, C].
package final class GlobalAveragePool: Layer {
    package let parameters: [Parameter] = []
    private var inputShape: [Int] = []
    private var outputs = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer.
    package init() {}

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = input.plain
        inputShape = x.shape
        let y = outputs.tensor(FeatureShape(vector: x.shape[3]), batch: x.shape[0])
        compute.globalAveragePool(x, into: y)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        let dx = gradients.tensor(inputShape)
        compute.globalAveragePoolBackward(gradient, into: dx)
        return dx
    }
}
