internal import MLOpsCore
package import MLOpsTensor

/// How weights follow their gradients; each is computed as PyTorch's optimizer of that name computes it.
///
/// Weight decay is for the weights of convolutions and dense layers; biases and normalizations are left out.
public enum Optimizer: Sendable, Hashable, Codable {
    /// Stochastic gradient descent with momentum; weight decay is added to the gradient.
    case sgd(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0)
    /// Adam; weight decay is added to the gradient.
    ///
    /// Source: D. Kingma, J. Ba, "Adam", ICLR 2015.
    case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)
    /// Adam with decoupled weight decay.
    ///
    /// Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01)
    /// RMSprop without momentum; weight decay is added to the gradient.
    ///
    /// Source: T. Hinton, "Neural networks for machine learning", lecture 6e, 2012.
    case rmsProp(decay: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0)

    /// Does one step for all parameters.
    ///
    /// - Parameters:
    ///   - slots: what earlier steps left, for each parameter.
    ///   - rate: the learning rate.
    ///   - step: the number of this step, from 1.
    package func update(
        _ parameters: [Parameter], _ slots: [OptimizerSlots], rate: Double, step: Int, compute: Compute
    ) {
        for (parameter, slots) in zip(parameters, slots) {
            let (weights, gradient) = (parameter.value, parameter.gradient)
            parameter.markChanged()
            func decay(_ amount: Double) -> Float { parameter.spec.role == .weights ? Float(amount) : 0 }
            switch self {
            case .sgd(let momentum, let nesterov, let weightDecay):
                compute.sgd(
                    weights, gradient: gradient, velocity: slots.first, rate: Float(rate), momentum: Float(momentum),
                    weightDecay: decay(weightDecay), nesterov: nesterov)
            case .adam(let beta1, let beta2, let epsilon, let weightDecay):
                compute.adam(
                    weights, gradient: gradient, first: slots.first, second: slots.second, step: step,
                    rate: Float(rate), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
                    weightDecay: decay(weightDecay), decoupled: false)
            case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
                compute.adam(
                    weights, gradient: gradient, first: slots.first, second: slots.second, step: step,
                    rate: Float(rate), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
                    weightDecay: decay(weightDecay), decoupled: true)
            case .rmsProp(let keep, let epsilon, let weightDecay):
                let (keep, epsilon, rate, decay) = (Float(keep), Float(epsilon), Float(rate), decay(weightDecay))
                let (w, g, v) = (weights.pointer, gradient.pointer, slots.first.pointer)
                for i in 0..<weights.count {
                    let slope = g[i] + decay * w[i]
                    v[i] = keep * v[i] + (1 - keep) * slope * slope
                    w[i] -= rate * slope / (v[i].squareRoot() + epsilon)
                }
            }
        }
    }

    /// Throws `invalidArgument` for values out of range.
    package func validate() throws {
        let (shares, others): ([Double], [Double]) =
            switch self {
            case .sgd(let momentum, _, let weightDecay): ([momentum], [weightDecay])
            case .adam(let beta1, let beta2, let epsilon, let weightDecay),
                .adamW(let beta1, let beta2, let epsilon, let weightDecay):
                ([beta1, beta2], [epsilon, weightDecay])
            case .rmsProp(let keep, let epsilon, let weightDecay): ([keep], [epsilon, weightDecay])
            }
        guard shares.allSatisfy({ $0 >= 0 && $0 < 1 }), others.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw MLOpsError(
                .invalidArgument, "The optimizer \(self) can't be used.",
                help: "Give momentum, betas and decay in 0 ..< 1, epsilon and weight decay of at least 0.")
        }
    }
}
