public import Foundation

/// Keeps captured predictions and their late labels.
///
/// Promises of a conformer:
/// - What `append` returned from is kept after a kill. Appending an id again changes nothing.
/// - A label may come before its prediction, late, or again; the newest by `at` counts.
/// - Reading gives predictions in the order of `at`, then of `id`.
public protocol PredictionLog: Sendable {
    /// Keeps predictions.
    func append(_ predictions: [PredictionRecord]) async throws
    /// Keeps labels.
    func append(labels: [PredictionLabel]) async throws
    /// The predictions with `start` ≤ `at` < `end`, each with its newest label if there is one.
    func predictions(from start: Date, to end: Date) async throws -> [LabeledPrediction]
}

/// A prediction and, when it is known, the truth about it.
public struct LabeledPrediction: Sendable, Hashable {
    /// What the model said.
    public var prediction: PredictionRecord
    /// What was true; `nil` while not known.
    public var label: PredictionLabel?

    /// Pairs a prediction with its label.
    public init(_ prediction: PredictionRecord, label: PredictionLabel?) {
        self.prediction = prediction
        self.label = label
    }
}

/// A ``PredictionLog`` that lives as long as the process.
public actor InMemoryPredictionLog: PredictionLog {
    private var table = PredictionTable()

    /// Makes an empty log.
    public init() {}

    /// Keeps predictions.
    public func append(_ predictions: [PredictionRecord]) { predictions.forEach { table.insert($0) } }

    /// Keeps labels.
    public func append(labels: [PredictionLabel]) { labels.forEach { table.insert($0) } }

    /// The predictions with `start` ≤ `at` < `end`.
    public func predictions(from start: Date, to end: Date) -> [LabeledPrediction] {
        table.predictions(from: start, to: end)
    }
}

/// Predictions by id, joined with the newest label of each.
struct PredictionTable {
    private var predictions: [String: PredictionRecord] = [:]
    private var labels: [String: PredictionLabel] = [:]

    mutating func insert(_ prediction: PredictionRecord) {
        if predictions[prediction.id] == nil { predictions[prediction.id] = prediction }
    }

    mutating func insert(_ label: PredictionLabel) {
        if let known = labels[label.id], known.at > label.at { return }
        labels[label.id] = label
    }

    func predictions(from start: Date, to end: Date) -> [LabeledPrediction] {
        predictions.values.filter { $0.at >= start && $0.at < end }
            .sorted { ($0.at, $0.id) < ($1.at, $1.id) }
            .map { LabeledPrediction($0, label: labels[$0.id]) }
    }
}
