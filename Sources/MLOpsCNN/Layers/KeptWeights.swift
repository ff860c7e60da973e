internal import MLOpsTensor

/// The packed weights of a convolution, kept over predictions for as long as its weights stay the same.
struct KeptWeights {
    private var packed = PackedWeights()
    private var version = -1

    /// What to keep the weights of a parameter in during a pass; `nil` while training, where they change at each step.
    mutating func packed(for parameter: Parameter, _ pass: Pass) -> PackedWeights? {
        guard !pass.isTraining else { return nil }
        if version != parameter.version {
            packed = PackedWeights()
            version = parameter.version
        }
        return packed
    }
}
