package import MLOpsTensor

/// A two-dimensional convolution of pictures [N, H, W, C] with weights [R, S, C, K] and, where it has one, a bias [K].
package final class Convolution: Layer {
    package let parameters: [Parameter]
    private let geometry: ConvolutionGeometry
    private let output: FeatureShape
    private let givesInputGradient: Bool
    private var input: Tensor?
    private var weights = KeptWeights()
    private var outputs = TensorPool()
    private var gradients = TensorPool()

    /// Makes the layer; `parameters` are its weights and, unless normalization follows, its bias.
    package init(
        _ parameters: [Parameter], geometry: ConvolutionGeometry, output: FeatureShape, givesInputGradient: Bool
    ) {
        self.parameters = parameters
        self.geometry = geometry
        self.output = output
        self.givesInputGradient = givesInputGradient
    }

    private var bias: Parameter? { parameters.count > 1 ? parameters[1] : nil }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = input.plain
        self.input = x
        let y = outputs.tensor(output, batch: x.shape[0])
        compute.convolution(
            x, activation: nil, weights: parameters[0].value, bias: bias?.value,
            packed: weights.packed(for: parameters[0], pass), geometry: geometry, into: y, moments: nil)
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        guard let input else { preconditionFailure("backward comes after forward") }
        compute.convolutionBackwardWeights(input, gradient, geometry: geometry, into: parameters[0].gradient)
        if let bias { compute.columnSums(gradient, into: bias.gradient) }
        guard givesInputGradient else { return nil }
        let dx = gradients.tensor(input.shape)
        compute.convolutionBackwardData(gradient, weights: parameters[0].value, geometry: geometry, into: dx)
        return dx
    }
}
