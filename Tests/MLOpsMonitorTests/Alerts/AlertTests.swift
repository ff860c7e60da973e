import Foundation
import MLOpsCore
import MLOpsMonitor
import MLOpsTestKit
import Synchronization
import Testing

private struct DeadSink: AlertSink {
    func send(_ alert: Alert) async throws { throw MLOpsError(.unavailable, "dead", help: "") }
}

@Suite("Alerts")
struct AlertTests {
    private func alert(_ key: String, _ severity: Alert.Severity = .warning) -> Alert {
        Alert(severity, title: key, body: "body", source: "test", at: Captures.noon, deduplicationKey: key)
    }

    @Test("The sinks sit the exam")
    func exam() async throws {
        let memory = InMemoryAlertSink()
        try await AlertSinkExam(memory) { await memory.alerts }.run()
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)/alerts.jsonl")
        defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
        try await AlertSinkExam(FileAlertSink(at: url)) { try FileAlertSink.alerts(at: url) }.run()
    }

    @Test("A torn last line of a file of alerts is cut off, and the next alert is whole")
    func tornLine() async throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)/alerts.jsonl")
        defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
        try await FileAlertSink(at: url).send(alert("a"))
        let handle = try FileHandle(forUpdating: url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"at\":\"20".utf8))
        try handle.close()
        try await FileAlertSink(at: url).send(alert("b"))
        #expect(try FileAlertSink.alerts(at: url).map(\.title) == ["a", "b"])
    }

    @Test("A log line stays one line, whatever the alert holds")
    func logLine() async throws {
        let lines = Mutex<[String]>([])
        try await LogAlertSink { line in lines.withLock { $0.append(line) } }.send(
            Alert(.critical, title: "t\nFAKE", body: "b\r\nb", source: "s", at: Captures.noon, deduplicationKey: "k"))
        #expect(lines.withLock { $0 } == ["CRITICAL [s] t FAKE: b b"])
    }

    @Test("An alert holds those of its key back until it has cooled down, but not more severe ones")
    func coolDown() async throws {
        let seconds = Mutex(0.0)
        let sink = InMemoryAlertSink()
        let router = AlertRouter(
            [.init(to: sink)], coolDown: 60, clock: WallClock { Captures.noon + seconds.withLock { $0 } })
        try await router.send(alert("a"))
        try await router.send(alert("a"))
        try await router.send(alert("b"))
        #expect(await sink.alerts.map(\.title) == ["a", "b"])
        try await router.send(alert("a", .critical))
        #expect(await sink.alerts.count == 3)
        try await router.send(alert("a"))
        seconds.withLock { $0 = 61 }
        try await router.send(alert("a"))
        #expect(await sink.alerts.last?.body == "body (1 like it were held back.)")
    }

    @Test("A dead sink does not keep an alert from the others, and what nobody took may be sent again")
    func deadSink() async throws {
        let sink = InMemoryAlertSink()
        let both = AlertRouter([.init(to: DeadSink()), .init(to: sink), .init(to: sink, atLeast: .critical)])
        await #expect(throws: MLOpsError.self) { try await both.send(alert("a")) }
        #expect(await sink.alerts.count == 1)
        let dead = AlertRouter([.init(to: DeadSink())])
        await #expect(throws: MLOpsError.self) { try await dead.send(alert("a")) }
        await #expect(throws: MLOpsError.self) { try await dead.send(alert("a")) }
    }
}
