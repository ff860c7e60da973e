internal import MLOpsCore
public import MLOpsData

/// Learns a model from examples. A value: its properties are its hyperparameters.
///
/// Promises of a conformer:
/// - Training again with equal data and hyperparameters gives an equal model, bit for bit, at any number of threads;
///   nothing of an earlier training is kept.
/// - Every epoch is reported once, in order. An error that `report` throws ends the training with that error.
/// - An empty training set throws ``MLOpsError`` with `insufficientData`; a loss that is not finite throws `diverged`.
/// - Cancelling the task ends training within a step, with `CancellationError`.
public protocol Trainer<Example, Model>: Sendable {
    associatedtype Example: Sendable
    associatedtype Model: Sendable
    /// Learns from `training`, and measures on `validation`, which may be empty.
    func train(
        on training: any Dataset<Example>, validatingOn validation: any Dataset<Example>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<Model>
}

/// What a trainer reports while it works.
public enum TrainingEvent: Sendable, Hashable {
    /// Some steps of an epoch are done.
    case step(epoch: Int, completed: Int, total: Int, loss: Double)
    /// An epoch is done.
    case epoch(EpochMetrics)
}

/// The metrics of one epoch.
public struct EpochMetrics: Sendable, Hashable, Codable {
    /// The number of the epoch, from 0.
    public var epoch: Int
    /// The metrics by name, such as `loss`, `accuracy`, `validation.loss` and `validation.accuracy`.
    public var values: [String: Double]

    /// Makes the metrics of an epoch.
    public init(epoch: Int, values: [String: Double]) {
        self.epoch = epoch
        self.values = values
    }
}

/// A model with the metrics of every epoch of its training.
public struct TrainedModel<Model: Sendable>: Sendable {
    /// The model.
    public var model: Model
    /// The metrics, epoch by epoch.
    public var history: [EpochMetrics]
    /// The epoch whose weights the model has.
    public var bestEpoch: Int
    /// When each epoch ended, in seconds that the training ran until then, stops left out; empty when it was not timed.
    public var epochSeconds: [Double]

    /// Makes a trained model.
    public init(_ model: Model, history: [EpochMetrics], bestEpoch: Int, epochSeconds: [Double] = []) {
        self.model = model
        self.history = history
        self.bestEpoch = bestEpoch
        self.epochSeconds = epochSeconds
    }
}
