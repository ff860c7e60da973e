internal import MLOpsCore
public import MLOpsData
internal import MLOpsTensor
public import MLOpsTrain

extension CNNTrainer {
    /// Trains on from a model's weights instead of random ones: to follow data that has changed.
    ///
    /// The optimizer begins without memory. Everything else is as in ``train(on:validatingOn:reporting:)``.
    ///
    /// - Throws: what that throws, and ``MLOpsError`` with `invalidArgument` when the model's network, preprocessing or
    ///   labels are not the trainer's.
    public func train(
        from start: CNNModel, on training: any Dataset<LabeledImage>,
        validatingOn validation: any Dataset<LabeledImage>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<CNNModel> {
        try validate()
        guard start.spec == network, start.preprocessing == preprocessing, start.labels == labels else {
            throw MLOpsError(
                .invalidArgument,
                "Training can't go on from '\(start.spec.name)' of \(start.labels): the trainer has '\(network.name)' of "
                    + "\(labels).",
                help: "Give the trainer the model's spec, preprocessing and labels.")
        }
        let state = TrainingState(network: try Network(start), self)
        return try await TrainingLoop(trainer: self, compute: Compute(threads: threads))
            .run(state, on: training, validatingOn: validation, reporting: report)
    }
}
