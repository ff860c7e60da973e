#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

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
        var kernel = OptimizerKernel(
            operation: nesterov ? .nesterov : .sgd, weights: weights.pointer, gradient: gradient.pointer,
            first: velocity.pointer, second: velocity.pointer, count: weights.count)
        kernel.rate = rate
        kernel.momentum = momentum
        kernel.weightDecay = weightDecay
        run(kernel)
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
        let correction1 = 1 - pow(Double(beta1), Double(step))
        let correction2 = 1 - pow(Double(beta2), Double(step))
        var kernel = OptimizerKernel(
            operation: .adam, weights: weights.pointer, gradient: gradient.pointer, first: first.pointer,
            second: second.pointer, count: weights.count)
        kernel.rate = Float(Double(rate) / correction1)
        kernel.secondCorrection = Float(1 / correction2.squareRoot())
        (kernel.beta1, kernel.beta2, kernel.epsilon) = (beta1, beta2, epsilon)
        if decoupled {
            kernel.shrink = Float(1 - Double(rate) * Double(weightDecay))
        } else {
            kernel.weightDecay = weightDecay
        }
        run(kernel)
    }

    private func run(_ kernel: OptimizerKernel) {
        let block = Compute.elementwiseBlock
        parallel(tasks: (kernel.count + block - 1) / block, with: (kernel, instructionSet)) { work, task in
            let block = Compute.elementwiseBlock
            var part = work.0
            part.weights += task * block
            part.gradient += task * block
            part.first += task * block
            part.second += task * block
            part.count = min(block, part.count - task * block)
            work.1.run(part)
        }
    }
}
