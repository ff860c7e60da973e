/// What a forward pass is for.
package enum Pass: Sendable {
    /// Prediction: statistics and weights stay as they are.
    case inference
    /// A step of training; what is drawn at random depends on the seed and the step.
    case training(seed: UInt64, step: Int)

    /// Whether it is a step of training.
    package var isTraining: Bool {
        if case .training = self { true } else { false }
    }
}
