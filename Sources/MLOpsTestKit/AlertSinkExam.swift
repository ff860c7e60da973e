internal import Foundation
internal import MLOpsCore
public import MLOpsMonitor

/// The exam of ``AlertSink``: what is sent arrives whole, in order, and repeats keep their id.
public struct AlertSinkExam: Sendable {
    private let sink: any AlertSink
    private let arrived: @Sendable () async throws -> [Alert]

    /// An exam of an empty sink.
    ///
    /// - Parameter arrived: what the receiver has got so far, read anew at each call.
    public init(_ sink: any AlertSink, arrived: @escaping @Sendable () async throws -> [Alert]) {
        self.sink = sink
        self.arrived = arrived
    }

    /// Runs the exam; throws ``ExamFailure`` at the first promise that is not kept.
    public func run() async throws {
        let at = Date(timeIntervalSince1970: 1_780_000_000.125)
        let finding = Finding(check: "exam", verdict: .fail, message: "ü \"quoted\"\nsecond line", at: at)
        let first = Alert(finding, severity: .critical, source: "exam")
        let second = Alert(.info, title: "second", body: "", source: "exam", at: at, deduplicationKey: "other")
        try await sink.send(first)
        let one = try await arrived()
        try require(one == [first], "when send returns, the alert has arrived whole; arrived: \(one)")
        try await sink.send(second)
        let two = try await arrived()
        try require(two == [first, second], "alerts arrive in the order in which they were sent; arrived: \(two)")
        try await sink.send(first)
        let ids = try await arrived().map(\.id)
        try require(
            Set(ids) == [first.id, second.id], "an alert sent again keeps its id; arrived: \(ids)")
    }
}
