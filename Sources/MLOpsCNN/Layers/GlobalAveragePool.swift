package import MLOpsTensor

/// The mean of each channel of pictures [N, H, W, C]: vectors [N, C].
package final class GlobalAveragePool: Layer {
    package let parameters: [Parameter] = []
    private var inputShape: [Int] = []
    private var outputs = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer.
    package init() {}

    package func forward(_ input: Tensor, _ pass: Pass, compute: Compute) -> Tensor {
        inputShape = input.shape
        let y = outputs.tensor([input.shape[0], input.shape[3]])
        compute.globalAveragePool(input, into: y)
        return y
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        let dx = gradients.tensor(inputShape)
        compute.globalAveragePoolBackward(gradient, into: dx)
        return dx
    }
}
