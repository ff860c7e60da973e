extension Compute {
    /// One step of stochastic gradient descent with momentum, as PyTorch's `SGD` defines it (dampening 0).
    ///
    /// g ← g + λw; v ← μv + g; w ← w − η·(nesterov ? g + μv : v).
    ///
    /// - Parameters:
    ///   - weights: w, changed in place.
    ///   - gradient: g, left as it is.
    ///   - velocity: v, changed in place; zeros before the first step.
    ///   - rate: η.
    ///   - momentum: μ.
    ///   - weightDecay: λ.
    ///   - nesterov: Whether the step looks ahead (Nesterov 1983).
    public func sgd(
        _ weights: Tensor, gradient: Tensor, velocity: Tensor, rate: Float, momentum: Float, weightDecay: Float,
        nesterov: Bool = false
    ) {
        require(gradient, "gradient", hasCount: weights.count)
        require(velocity, "velocity", hasCount: weights.count)
        Reference.sgd(
            weights, gradient: gradient, velocity: velocity, rate: rate, momentum: momentum, weightDecay: weightDecay,
            nesterov: nesterov)
    }

    /// One step of Adam (Kingma and Ba 2015), or AdamW when decoupled (Loshchilov and Hutter 2019), as in PyTorch.
    ///
    /// - Parameters:
    ///   - weights: Changed in place.
    ///   - gradient: Left as it is.
    ///   - first: The mean of gradients, changed in place; zeros before the first step.
    ///   - second: The mean of squared gradients, changed in place; zeros before the first step.
    ///   - step: The number of this step, from 1.
    ///   - rate: The learning rate.
    ///   - beta1: The decay of `first`.
    ///   - beta2: The decay of `second`.
    ///   - epsilon: What is added to the root of `second`.
    ///   - weightDecay: Added to the gradient, or taken off the weights when decoupled.
    ///   - decoupled: Whether weight decay bypasses the means: AdamW.
    public func adam(
        _ weights: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: Int, rate: Float,
        beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0,
        decoupled: Bool = false
    ) {
        require(gradient, "gradient", hasCount: weights.count)
        require(first, "first", hasCount: weights.count)
        require(second, "second", hasCount: weights.count)
        precondition(step >= 1, "Steps count from 1, not \(step)")
        Reference.adam(
            weights, gradient: gradient, first: first, second: second, step: step, rate: rate, beta1: beta1,
            beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decoupled: decoupled)
    }
}
