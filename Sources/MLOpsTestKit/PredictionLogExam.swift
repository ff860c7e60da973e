internal import Foundation
public import MLOpsCore

/// Checks the promises of an ``MLOpsCore/PredictionLog``.
public struct PredictionLogExam: Sendable {
    private let open: @Sendable () async throws -> any PredictionLog
    private let isDurable: Bool

    /// Makes an exam.
    ///
    /// - Parameters:
    ///   - isDurable: whether opening again shows what was appended before; a log in memory does not.
    ///   - open: opens the log: empty at first and, when it is durable, the same one each time.
    public init(isDurable: Bool = true, open: @escaping @Sendable () async throws -> any PredictionLog) {
        self.isDurable = isDurable
        self.open = open
    }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        try await fill()
        if isDurable { try await check(open()) }
    }

    /// The log is let go of at the end, so that it can be opened again.
    private func fill() async throws {
        let log = try await open()
        try await log.append([prediction("b", at: 2), prediction("c", at: 1), prediction("a", at: 2)])
        try await log.append([])
        var changed = prediction("a", at: 2)
        changed.label = "changed"
        try await log.append([changed])
        try await log.append(labels: [label("a", "cat", at: 10), label("late", "dog", at: 10)])
        try await log.append(labels: [label("a", "dog", at: 20), label("b", "cat", at: 20)])
        try await log.append(labels: [label("b", "dog", at: 5)])
        try await log.append([prediction("late", at: 3)])
        try await check(log)
    }

    private func check(_ log: any PredictionLog) async throws {
        let found = try await log.predictions(from: date(0), to: date(100))
        let ids = found.map(\.prediction.id)
        try require(
            ids == ["c", "a", "b", "late"], "reading gives each prediction once, by time and then by id, not \(ids)")
        try require(
            found[1].prediction == prediction("a", at: 2), "appending an id again changes nothing, but it did")
        let labels = found.map { $0.label?.label ?? "-" }
        try require(
            labels == ["-", "dog", "cat", "dog"],
            "the newest label counts, also one that came before its prediction, but they are \(labels)")
        let some = try await log.predictions(from: date(2), to: date(3)).map(\.prediction.id)
        try require(some == ["a", "b"], "a range holds its start and not its end, but it holds \(some)")
        let none = try await log.predictions(from: date(3), to: date(2))
        try require(none.isEmpty, "a range that ends before it starts holds nothing, but it holds \(none.count)")
    }

    private func prediction(_ id: String, at seconds: Double) -> PredictionRecord {
        PredictionRecord(
            id: id, at: date(seconds), deployment: "d", package: Digest(of: [1 as UInt8]), label: "cat",
            probabilities: [0.25, 0.75], input: Digest(of: [2 as UInt8]), features: ["brightness": 0.1],
            tags: ["camera": "north"], latency: 0.002)
    }

    private func label(_ id: String, _ label: String, at seconds: Double) -> PredictionLabel {
        PredictionLabel(id: id, label: label, at: date(seconds), source: "exam")
    }

    private func date(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + seconds) }
}
