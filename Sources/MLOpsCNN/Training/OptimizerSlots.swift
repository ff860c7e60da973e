package import MLOpsTensor

/// What an optimizer keeps of earlier steps for one parameter.
package struct OptimizerSlots {
    /// The velocity, or the mean of the gradients, or of their squares where those are all that is kept.
    package let first: Tensor
    /// The mean of the squared gradients; empty when not needed.
    package let second: Tensor

    /// Makes slots of zeros for a parameter of a shape.
    package init(_ shape: [Int], _ optimizer: Optimizer) {
        first = Tensor(shape: shape)
        switch optimizer {
        case .adam, .adamW: second = Tensor(shape: shape)
        case .sgd, .rmsProp: second = Tensor(shape: [0])
        }
    }
}
