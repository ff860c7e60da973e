/// The gradient for the input z of batch normalization and a clipping such as ReLU, as what is needed to compute it when it is read:
/// `dy · factor + z · slope + summand`, where `dy` counts only where the result was not cut off.
package struct NormalizedGradient {
    /// The gradient for the clipped result, `[…, C]`; it may be overwritten.
    package let dy: Tensor
    /// The input z of the normalization, `[…, C]`.
    package let z: Tensor
    /// What the forward pass did to z.
    package let activation: ChannelActivation
    /// What then cut off the result.
    package let clipping: Clipping
    /// What the gradient of each channel is multiplied by, `[C]`.
    package let factor: Tensor
    /// What z is multiplied by, `[C]`.
    package let slope: Tensor
    /// What is added, `[C]`; it takes off the mean of z, at a rounding error of that mean over the deviation.
    package let summand: Tensor
    /// Where the result was pooled, the gradient for its maxima, from which `dy` is still to be written.
    package let pooled: PooledGradient?
    /// The sums of `dy`, if whoever wrote it took them.
    package let sums: GradientSums?

    /// Makes a gradient; ``Compute/prepare(_:scale:mean:inverseDeviation:dScale:dOffset:)`` fills the three `[C]`.
    package init(
        dy: Tensor, z: Tensor, activation: ChannelActivation, clipping: Clipping, factor: Tensor, slope: Tensor,
        summand: Tensor, pooled: PooledGradient? = nil, sums: GradientSums? = nil
    ) {
        (self.dy, self.z, self.activation, self.clipping) = (dy, z, activation, clipping)
        (self.factor, self.slope, self.summand) = (factor, slope, summand)
        (self.pooled, self.sums) = (pooled, sums)
    }

    func requireFit() {
        require(dy, "dy", hasShape: z.shape)
        activation.requireFit(z)
        require(factor, "factor", hasCount: z.channels)
        require(slope, "slope", hasCount: z.channels)
        require(summand, "summand", hasCount: z.channels)
    }
}
