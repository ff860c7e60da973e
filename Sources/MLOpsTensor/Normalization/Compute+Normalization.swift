extension Compute {
    /// Normalizes each channel by the mean and the biased variance of the batch (Ioffe and Szegedy 2015).
    ///
    /// - Parameters:
    ///   - x: `[…, C]`, at least one row.
    ///   - scale: `[C]`, γ.
    ///   - offset: `[C]`, β.
    ///   - epsilon: What is added to the variance.
    ///   - y: The shape of `x`.
    ///   - mean: `[C]`, receives the mean of each channel.
    ///   - inverseDeviation: `[C]`, receives 1 / √(variance + ε) of each channel.
    public func batchNorm(
        _ x: Tensor, scale: Tensor, offset: Tensor, epsilon: Float, into y: Tensor, mean: Tensor,
        inverseDeviation: Tensor
    ) {
        require(y, "y", hasShape: x.shape)
        require(scale, "scale", hasCount: x.channels)
        require(offset, "offset", hasCount: x.channels)
        require(mean, "mean", hasCount: x.channels)
        require(inverseDeviation, "inverseDeviation", hasCount: x.channels)
        precondition(x.rows > 0, "Batch normalization needs at least one row; x has shape \(x.shape)")
        Reference.batchNorm(
            x, scale: scale, offset: offset, epsilon: epsilon, into: y, mean: mean, inverseDeviation: inverseDeviation)
    }

    /// The gradients of ``batchNorm(_:scale:offset:epsilon:into:mean:inverseDeviation:)``.
    ///
    /// - Parameters:
    ///   - dy: `[…, C]`, the gradient for the output.
    ///   - x: The input.
    ///   - scale: `[C]`, γ.
    ///   - mean: `[C]`, as the forward pass gave it.
    ///   - inverseDeviation: `[C]`, as the forward pass gave it.
    ///   - dx: The shape of `x`; may be `dy` itself.
    ///   - dScale: `[C]`, receives the gradient for γ.
    ///   - dOffset: `[C]`, receives the gradient for β.
    public func batchNormBackward(
        _ dy: Tensor, _ x: Tensor, scale: Tensor, mean: Tensor, inverseDeviation: Tensor, into dx: Tensor,
        dScale: Tensor, dOffset: Tensor
    ) {
        require(dy, "dy", hasShape: x.shape)
        require(dx, "dx", hasShape: x.shape)
        require(scale, "scale", hasCount: x.channels)
        require(mean, "mean", hasCount: x.channels)
        require(inverseDeviation, "inverseDeviation", hasCount: x.channels)
        require(dScale, "dScale", hasCount: x.channels)
        require(dOffset, "dOffset", hasCount: x.channels)
        precondition(x.rows > 0, "Batch normalization needs at least one row; x has shape \(x.shape)")
        Reference.batchNormBackward(
            dy, x, scale: scale, mean: mean, inverseDeviation: inverseDeviation, into: dx, dScale: dScale,
            dOffset: dOffset)
    }

    /// Multiplies each channel by a number and adds another: batch normalization at inference.
    ///
    /// - Parameters:
    ///   - x: `[…, C]`.
    ///   - scale: `[C]`.
    ///   - shift: `[C]`.
    ///   - relu: Whether negative results become zero.
    ///   - y: The shape of `x`; may be `x` itself.
    public func scaleAndShift(_ x: Tensor, scale: Tensor, shift: Tensor, relu: Bool = false, into y: Tensor) {
        require(y, "y", hasShape: x.shape)
        require(scale, "scale", hasCount: x.channels)
        require(shift, "shift", hasCount: x.channels)
        Reference.scaleAndShift(x, scale: scale, shift: shift, relu: relu, into: y)
    }
}
