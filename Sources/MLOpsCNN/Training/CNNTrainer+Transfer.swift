public import Foundation
internal import MLOpsCore
public import MLOpsData
internal import MLOpsTensor
public import MLOpsTrain

extension CNNTrainer {
    /// The model at the step of a checkpoint, with the average of the weights when the training keeps one: to look at, or
    /// to train on from with other hyperparameters.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData` or `newerSchema` when the file is missing, damaged or of a
    ///   newer release, `invalidArgument` when it is of another network.
    public func model(ofCheckpoint file: URL) throws -> CNNModel {
        try CNNModel(
            spec: network, preprocessing: preprocessing, labels: labels,
            weights: Checkpoint(contentsOf: file).weights(network.parameters(for: preprocessing.inputShape)))
    }

    /// Trains on from a model's weights instead of random ones: to follow data that has changed, or on larger pictures.
    ///
    /// The optimizer begins without memory. Everything else is as in ``train(on:validatingOn:reporting:)``. A network
    /// that ends in global pooling takes pictures of any size, so the trainer's may differ from the model's.
    ///
    /// - Throws: what that throws, and ``MLOpsError`` with `invalidArgument` when the model's network or labels are not
    ///   the trainer's, or its weights don't fit pictures of the trainer's size.
    public func train(
        from start: CNNModel, on training: any Dataset<LabeledImage>,
        validatingOn validation: any Dataset<LabeledImage>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<CNNModel> {
        try validate()
        guard start.spec == network, start.labels == labels else {
            throw MLOpsError(
                .invalidArgument,
                "Training can't go on from '\(start.spec.name)' of \(start.labels): the trainer has '\(network.name)' of "
                    + "\(labels).",
                help: "Give the trainer the model's spec and labels.")
        }
        let model = try CNNModel(
            spec: network, preprocessing: trainingPreprocessing, labels: labels, weights: start.weights)
        let state = TrainingState(network: try Network(model, frozenLayers: frozenLayers), self)
        return try await TrainingLoop(trainer: self, compute: Compute(threads: threads))
            .run(state, on: training, validatingOn: validation, reporting: report)
    }
}
