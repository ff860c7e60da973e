internal import MLOpsCore
internal import MLOpsTensor

extension CNNModel {
    /// The model with a new last layer for other classes, of random weights: the start of a training for them.
    ///
    /// Source: J. Yosinski et al., "How transferable are features in deep neural networks?", NeurIPS 2014.
    ///
    /// - Parameters:
    ///   - labels: the new classes.
    ///   - seed: what the weights are drawn by.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when there are no labels or two are the same.
    public func replacingHead(labels: [String], seed: UInt64) throws -> CNNModel {
        var spec = spec
        spec.layers[spec.layers.count - 1] = .dense(units: labels.count)
        try spec.check(labels: labels)
        let fresh = try Network(spec, input: preprocessing.inputShape, seed: seed).parameters
        let last = fresh.last?.spec.layer
        let weights = zip(self.weights, fresh).map { old, new in
            new.spec.layer == last
                ? NamedTensor(new.spec.name, shape: new.spec.shape, values: new.value.values) : old
        }
        return try CNNModel(spec: spec, preprocessing: preprocessing, labels: labels, weights: weights)
    }
}
