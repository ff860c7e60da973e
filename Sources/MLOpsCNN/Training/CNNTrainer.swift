public import Foundation
public import MLOpsCore
public import MLOpsData
internal import MLOpsTensor
public import MLOpsTrain

/// Trains a convolutional network on labeled pictures, on the processor.
///
/// The weights depend on the hyperparameters and the data alone: neither ``threads`` nor ``cacheByteLimit`` changes a
/// bit of them. Pictures come in any size; they are resized to the preprocessing's, and during training read at random
/// places as the augmentation says.
///
///     let trainer = CNNTrainer(network: .petNet(classes: 2), preprocessing: pixels, labels: ["cat", "dog"])
///     let trained = try await trainer.train(on: training, validatingOn: validation) { print($0) }
public struct CNNTrainer: Trainer, Hashable, Codable {
    /// What its JSON and ``digest`` hold: all that the weights depend on, and nothing of how the work is done.
    private enum CodingKeys: String, CodingKey {
        case network, preprocessing, labels, epochs, batchSize, optimizer, schedule, labelSmoothing, gradientClip
        case averaging, augmentation, trainingScale, mixup, selection, patience, frozenLayers, seed
    }

    /// The layers.
    public var network: NetworkSpec
    /// How a picture becomes the network's input.
    public var preprocessing: ImagePreprocessing
    /// The name of each class, in the order of the labels.
    public var labels: [String]
    /// How often every example is shown.
    public var epochs = 12
    /// The number of examples of a step; the last step of an epoch takes what is left.
    public var batchSize = 32
    /// How weights follow their gradients.
    public var optimizer = Optimizer.sgd(momentum: 0.9, nesterov: true, weightDecay: 5e-4)
    /// The learning rate of each step.
    public var schedule = LearningRateSchedule.cosine(peak: 0.05, warmUp: 0.15)
    /// The share of the target that is spread evenly over all classes; 0 ..< 1.
    public var labelSmoothing = 0.0
    /// The greatest length of the gradient of all weights together; `nil` for no limit.
    public var gradientClip: Double?
    /// The share of the moving average of the weights that stays at each step, such as 0.999; `nil` for no average.
    ///
    /// With an average, it is what is validated and given back.
    public var averaging: Double?
    /// How training pictures are changed; `nil` to show them as they are.
    public var augmentation: ImageAugmentation? = .photographs
    /// The side of the pictures in training as a share of the preprocessing's, above 0 and at most 1.
    ///
    /// Crops show things larger than whole pictures do. With training pictures of 0.8 of the side the two meet, and a
    /// step takes two thirds of the time. It needs a network for pictures of any size: one with global pooling.
    ///
    /// Source: H. Touvron et al., "Fixing the train-test resolution discrepancy", NeurIPS 2019.
    public var trainingScale = 1.0
    /// How much pictures of a step are mixed with each other, and their targets likewise: the α of the distribution
    /// Beta(α, α) that the share is drawn from, above 0 and at most 1; `nil` to keep them apart.
    ///
    /// The accuracy that an epoch reports on its training pictures is then for the first picture of each mixture.
    ///
    /// Source: H. Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018.
    public var mixup: Double?
    /// The epoch whose weights are given back.
    public var selection = ModelSelection.highestValidationAccuracy
    /// How many epochs without a better one, by ``selection``, end the training; `nil` to run all epochs. Without effect
    /// where each epoch is the better one: with the selection of the last, or without validation data.
    public var patience: Int?
    /// How many of the network's first layers keep what they are given: their weights and statistics don't change.
    ///
    /// For transfer: with all layers but the last few frozen, a training takes little data and a third of the time.
    public var frozenLayers = 0
    /// Where all chance comes from.
    public var seed: UInt64 = 0

    /// The number of threads; one for each processor when `nil`.
    public var threads: Int?
    /// The most memory, in bytes, that decoded pictures may take; larger datasets are read again in every epoch.
    public var cacheByteLimit = 1 << 30
    /// The file that holds the newest checkpoint, written after every epoch and when the task is cancelled; `nil` for
    /// none.
    public var checkpointFile: URL?
    /// How many checkpoints are kept, 1 to 1000: the newest, and older ones beside it as `NAME.1`, `NAME.2` and so on,
    /// with the same extension; to go back with ``model(ofCheckpoint:)`` before a training went astray.
    public var checkpointsKept = 1
    /// How many steps lie between two checkpoints within an epoch; `nil` for none within an epoch.
    public var stepsPerCheckpoint: Int?

    /// Makes a trainer with the recipe for photographs: change its properties to change the recipe.
    public init(network: NetworkSpec, preprocessing: ImagePreprocessing, labels: [String]) {
        self.network = network
        self.preprocessing = preprocessing
        self.labels = labels
    }

    /// Learns from `training`, and measures on `validation` after every epoch.
    ///
    /// Each epoch reports `loss`, `accuracy`, `learningRate`, and with validation data `validation.loss` and
    /// `validation.accuracy`.
    ///
    /// - Throws: ``MLOpsError`` with `insufficientData` when there are no examples, or all are of one class though the
    ///   network has more; `invalidArgument` for hyperparameters or labels that don't fit; `diverged`, with epoch and
    ///   step, when the loss is not finite; `storage` when a checkpoint can't be written. `CancellationError` once the
    ///   task is cancelled, after a checkpoint of the last step.
    public func train(
        on training: any Dataset<LabeledImage>, validatingOn validation: any Dataset<LabeledImage>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<CNNModel> {
        try validate()
        let compute = Compute(threads: threads)
        let state = TrainingState(
            network: try Network(
                network, input: trainingPreprocessing.inputShape, seed: seed, frozenLayers: frozenLayers), self)
        return try await TrainingLoop(trainer: self, compute: compute)
            .run(state, on: training, validatingOn: validation, reporting: report)
    }

    /// Goes on where a checkpoint was written, and ends with the same bits as a training without a break.
    ///
    /// - Throws: what ``train(on:validatingOn:reporting:)`` throws, and ``MLOpsError`` with `notFound` or `corruptData`
    ///   when the file is missing or damaged, `newerSchema` when a newer release wrote it, and `invalidArgument` when
    ///   other hyperparameters or data did, or a processor with other vector instructions. Data are compared by the digest of all pictures and labels, or of 64 that lie
    ///   evenly among them when they don't fit in ``cacheByteLimit``.
    public func resume(
        from checkpoint: URL, on training: any Dataset<LabeledImage>,
        validatingOn validation: any Dataset<LabeledImage>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<CNNModel> {
        try validate()
        let compute = Compute(threads: threads)
        let state = TrainingState(
            network: try Network(
                network, input: trainingPreprocessing.inputShape, seed: seed, frozenLayers: frozenLayers), self)
        try Checkpoint(contentsOf: checkpoint).restore(state, for: self, by: compute)
        state.checkpoint = checkpoint
        return try await TrainingLoop(trainer: self, compute: compute)
            .run(state, on: training, validatingOn: validation, reporting: report)
    }
}
