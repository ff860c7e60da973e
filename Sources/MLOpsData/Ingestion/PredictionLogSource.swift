public import Foundation
public import MLOpsCore

/// A ``DataSource`` of captured predictions: monitoring data, to be landed as dataset versions.
///
/// A record's id is the inference id, its bytes are the canonical JSON of the prediction and of its label, its label is
/// the truth where it is known, and its attributes are the prediction's tags, the `deployment` and the `package`.
/// Records come in the order of the log: by time, then by id. A version thus says what a model saw and said, can be
/// compared with another day's, and traced to the package that made it. The log's predictions are held in memory.
public struct PredictionLogSource: DataSource {
    private let log: any PredictionLog
    private let start: Date
    private let end: Date

    /// What a record's bytes hold.
    public struct Content: Sendable, Hashable, Codable {
        /// What the model said.
        public var prediction: PredictionRecord
        /// What was true; `nil` when it was not known yet.
        public var label: PredictionLabel?
    }

    /// Makes a source of the predictions with `start` ≤ time < `end`.
    public init(_ log: any PredictionLog, from start: Date = .distantPast, to end: Date = .distantFuture) {
        self.log = log
        self.start = start
        self.end = end
    }

    /// Streams the records from `position` on.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        let (log, start, end) = (log, start, end)
        return AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    let all = try await log.predictions(from: start, to: end)
                    for (i, item) in all.enumerated().dropFirst(position.offset) {
                        let record = try Self.record(item)
                        continuation.yield(SourcedRecord(record, next: SourcePosition(offset: i + 1)))
                    }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private static func record(_ item: LabeledPrediction) throws -> RawRecord {
        let prediction = item.prediction
        var attributes = prediction.tags
        attributes["deployment"] = prediction.deployment
        attributes["package"] = prediction.package.description
        return RawRecord(
            id: prediction.id, bytes: try CanonicalJSON.encode(Content(prediction: prediction, label: item.label)),
            label: item.label?.label, attributes: attributes)
    }
}
