package import MLOpsTensor

/// What flows from layer to layer: values, and what the reader still has to do to them.
package struct Features {
    /// `[N, H, W, C]`, or `[N, C]`.
    package let values: Tensor
    /// What is still to be done to each channel; `nil` for nothing.
    package let activation: ChannelActivation?
    /// Room for the sums of the gradient for what the activation gives, for a reader that can take them.
    package let gradientSums: GradientSums?

    /// Makes features.
    package init(_ values: Tensor, activation: ChannelActivation? = nil, gradientSums: GradientSums? = nil) {
        self.values = values
        self.activation = activation
        self.gradientSums = gradientSums
    }

    /// The values, for a layer that is never put after one that leaves work to its reader.
    var plain: Tensor {
        precondition(activation == nil, "This layer reads features as they are")
        return values
    }
}
