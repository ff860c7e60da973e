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
        scratch.with(.call, 2 * x.channels) { factors in
            let shifts = factors + x.channels
            channelMoments(x) { c, average, variance in
                let inverse = 1 / (variance + Double(epsilon)).squareRoot()
                mean.pointer[c] = Float(average)
                inverseDeviation.pointer[c] = Float(inverse)
                factors[c] = Float(Double(scale.pointer[c]) * inverse)
                shifts[c] = Float(Double(offset.pointer[c]) - average * Double(scale.pointer[c]) * inverse)
            }
            runChannels(.affine, x, x, output: y) { kernel in
                (kernel.scale, kernel.shift) = (UnsafePointer(factors), UnsafePointer(shifts))
            }
        }
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
        let (rows, channels) = (Double(x.rows), x.channels)
        scratch.with(.call, 3 * channels) { factors in
            let (slopes, shifts) = (factors + channels, factors + 2 * channels)
            channelSums(.gradientSums, dy, x, mean: mean) { c, sum, product in
                let inverse = Double(inverseDeviation.pointer[c])
                let factor = Double(scale.pointer[c]) * inverse
                dOffset.pointer[c] = Float(sum)
                dScale.pointer[c] = Float(product * inverse)
                factors[c] = Float(factor)
                slopes[c] = Float(0 - factor * inverse * inverse * product / rows)
                shifts[c] = Float(0 - factor * sum / rows)
            }
            runChannels(.gradient, dy, x, output: dx) { kernel in
                (kernel.scale, kernel.shift) = (UnsafePointer(factors), UnsafePointer(shifts))
                (kernel.slope, kernel.mean) = (UnsafePointer(slopes), UnsafePointer(mean.pointer))
            }
        }
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
        scaleAndShift(x, scale: scale, shift: shift, clipping: relu ? .relu : .none, into: y)
    }

    /// Multiplies each channel by a number, adds another, and cuts off the result. `y` may be `x` itself.
    package func scaleAndShift(_ x: Tensor, scale: Tensor, shift: Tensor, clipping: Clipping, into y: Tensor) {
        require(y, "y", hasShape: x.shape)
        require(scale, "scale", hasCount: x.channels)
        require(shift, "shift", hasCount: x.channels)
        let operation: ChannelsKernel.Operation =
            switch clipping {
            case .none: .affine
            case .relu: .affineRelu
            case .relu6: .affineRelu6
            }
        runChannels(operation, x, x, output: y) { kernel in
            (kernel.scale, kernel.shift) = (UnsafePointer(scale.pointer), UnsafePointer(shift.pointer))
        }
    }
}
