package import MLOpsTensor

/// What flows from layer to layer: values, and what the reader still has to do to them.
package struct Features {
    /// `[N, H, W, C]`, or `[N, C]`.
    package let values: Tensor
    /// What is still to be done to each channel; `nil` for nothing.
    package let activation: ChannelActivation?

    /// Makes features.
    package init(_ values: Tensor, activation: ChannelActivation? = nil) {
        self.values = values
        self.activation = activation
    }

    /// The values, for a layer that is never put after one that leaves work to its reader.
    var plain: Tensor {
        precondition(activation == nil, "This layer reads features as they are")
        return values
    }
}
