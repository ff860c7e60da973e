internal import Foundation
public import MLOpsCore

/// Checks the promises of an ``MLOpsCore/LineageRecorder``.
public struct LineageRecorderExam: Sendable {
    private let recorder: any LineageRecorder
    private let events: @Sendable () async throws -> [LineageEvent]

    /// Makes an exam.
    ///
    /// - Parameters:
    ///   - recorder: an empty recorder.
    ///   - events: reads all events back, in any order; for a durable recorder, from a newly opened one.
    public init(_ recorder: any LineageRecorder, events: @escaping @Sendable () async throws -> [LineageEvent]) {
        self.recorder = recorder
        self.events = events
    }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        let at = Date(timeIntervalSince1970: 1_700_000_000)
        let photo = LineageNode(.record, "sha256:ab")
        let dataset = LineageNode(.dataset, "sha256:cd")
        let run = LineageNode(.run, "run-1")
        let package = LineageNode(.package, "sha256:ef")
        // The later comes first: events may come in any order.
        let events = [
            LineageEvent(package, from: [run], by: "packaged", at: at.addingTimeInterval(2)),
            LineageEvent(run, from: [dataset], by: "trained", at: at.addingTimeInterval(1), attributes: ["seed": "7"]),
            LineageEvent(dataset, from: [photo, LineageNode(.record, "b")], by: "ingested", at: at),
            LineageEvent(photo, from: [], by: "ingested", at: at, attributes: ["name": "kätzchen \"1\".jpg"]),
        ]
        for event in events { try await recorder.record(event) }
        for event in events { try await recorder.record(event) }
        let found = try await self.events()
        try require(
            found.count == events.count,
            "recording an event again adds nothing: \(events.count) were recorded, \(found.count) are kept")
        for event in events {
            try require(found.contains(event), "every event is kept as it was, but '\(event.activity)' is not")
        }
        let another = LineageEvent(run, from: [dataset], by: "trained", at: at.addingTimeInterval(1))
        try await recorder.record(another)
        let after = try await self.events()
        try require(after.count == events.count + 1, "events that differ in attributes are two events")
    }
}
