package import MLOpsTensor

/// Normalizes groups of channels of each picture [N, H, W, C] by themselves, while training and when predicting.
package final class GroupNorm: Layer {
    /// What is added to the variance.
    package static let epsilon: Float = 1e-5

    package let parameters: [Parameter]
    private let groups: Int
    private var moments: FeatureShape { FeatureShape(vector: groups) }
    private var input: Tensor?
    private var outputs = TensorPool()
    private var means = TensorPool()
    private var inverseDeviations = TensorPool()

    /// Makes the layer; `parameters` are its scale and shift.
    package init(_ parameters: [Parameter], groups: Int) {
        self.parameters = parameters
        self.groups = groups
    }

    package func forward(_ input: Features, _ pass: Pass, compute: Compute) -> Features {
        let x = input.plain
        self.input = x
        let y = outputs.tensor(x.shape)
        compute.groupNorm(
            x, groups: groups, scale: parameters[0].value, offset: parameters[1].value, epsilon: Self.epsilon, into: y,
            mean: means.tensor(moments, batch: x.shape[0]),
            inverseDeviation: inverseDeviations.tensor(moments, batch: x.shape[0]))
        return Features(y)
    }

    package func backward(_ gradient: Tensor, compute: Compute) -> Tensor? {
        guard let input else { preconditionFailure("backward comes after forward") }
        compute.groupNormBackward(
            gradient, input, groups: groups, scale: parameters[0].value,
            mean: means.tensor(moments, batch: input.shape[0]),
            inverseDeviation: inverseDeviations.tensor(moments, batch: input.shape[0]), into: gradient,
            dScale: parameters[0].gradient,
            dOffset: parameters[1].gradient)
        return gradient
    }
}
