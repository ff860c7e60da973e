package import MLOpsTensor

/// The positive part of each value.
package final class ReLU: Layer {
    package let parameters: [Parameter] = []
    private let isInPlace: Bool
    private var output: Tensor?
    private var outputs = TensorPool()

    /// Makes the layer; in place, it overwrites its input, which the layer before must not need any more.
    package init(isInPlace: Bool) { self.isInPlace = isInPlace }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = input.plain
        let y = isInPlace ? x : outputs.tensor(x.shape)
        compute.relu(x, into: y)
        output = y
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        guard let output else { preconditionFailure("backward comes after forward") }
        compute.reluBackward(gradient, output, into: gradient)
        return gradient
    }
}
