package import MLOpsTensor

/// A weighted sum of all values of an example, with weights [inputs, units] and a bias [units].
///
/// Pictures [N, H, W, C] are read as vectors of H·W·C values.
package final class Dense: Layer {
    package let parameters: [Parameter]
    private let givesInputGradient: Bool
    private var inputShape: [Int] = []
    private var input: Tensor?
    private var flat = TensorPool()
    private var outputs = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer; `parameters` are its weights and its bias.
    package init(_ parameters: [Parameter], givesInputGradient: Bool) {
        self.parameters = parameters
        self.givesInputGradient = givesInputGradient
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        inputShape = input.plain.shape
        let vectors = flattened(input.plain)
        self.input = vectors
        let (weights, bias) = (parameters[0].value, parameters[1].value)
        let (rows, units) = (inputShape[0], bias.count)
        let y = outputs.tensor(FeatureShape(vector: units), batch: rows)
        for row in 0..<rows { (y.pointer + row * units).update(from: bias.pointer, count: units) }
        compute.matrixProduct(vectors, weights, into: y, accumulating: true)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        guard let input else { preconditionFailure("backward comes after forward") }
        compute.matrixProduct(input, gradient, into: parameters[0].gradient, transposingA: true)
        compute.columnSums(gradient, into: parameters[1].gradient)
        guard givesInputGradient else { return nil }
        let vectors = gradients.tensor(input.shape)
        compute.matrixProduct(gradient, parameters[0].value, into: vectors, transposingB: true)
        guard vectors.shape != inputShape else { return vectors }
        let dx = gradients.tensor(inputShape)
        dx.copy(from: vectors)
        return dx
    }

    private func flattened(_ input: Tensor) -> Tensor {
        guard input.shape.count != 2 else { return input }
        let vectors = flat.tensor(FeatureShape(vector: parameters[0].value.shape[0]), batch: input.shape[0])
        vectors.copy(from: input)
        return vectors
    }
}
