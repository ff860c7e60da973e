package import MLOpsTensor

/// A function of each value, such as GELU.
package final class ActivationLayer: Layer {
    package let parameters: [Parameter] = []
    private let activation: Activation
    private var input: Tensor?
    private var outputs = TensorPool()

    /// Makes the layer of a function.
    package init(_ activation: Activation) { self.activation = activation }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = input.plain
        self.input = x
        let y = outputs.tensor(x.shape)
        compute.activate(x, activation, into: y)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        guard let input else { preconditionFailure("backward comes after forward") }
        compute.activateBackward(gradient, input, activation, into: gradient)
        return gradient
    }
}
