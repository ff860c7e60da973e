import Foundation
import MLOpsConnectors
import MLOpsCore
import MLOpsMonitor
import MLOpsTestKit
import Synchronization
import Testing

@Suite("Webhook alert sink")
struct WebhookAlertSinkTests {
    private let quick = Backoff(first: .milliseconds(5), longest: .milliseconds(10), tries: 3)
    private let alert = Alert(
        .critical, title: "Bias", body: "30 %", source: "park pets", at: Date(timeIntervalSince1970: 1_780_000_000),
        deduplicationKey: "bias")

    private func answer(_ status: String) -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
    }

    @Test("The sink sits the exam against a real receiver")
    func exam() async throws {
        let bodies = Mutex<[Data]>([])
        let server = try LoopbackServer { _, request, write in
            bodies.withLock { $0.append(Data(request.body)) }
            _ = write(answer("200 OK"))
        }
        let sink = try WebhookAlertSink(url: server.url("/hook"), backoff: quick)
        try await AlertSinkExam(sink) {
            try bodies.withLock { $0 }.map { try CanonicalJSON.decode(Alert.self, from: $0) }
        }.run()
    }

    @Test("A busy receiver is asked again, with the same id, as a CloudEvent")
    func retries() async throws {
        let requests = Mutex<[LoopbackServer.Request]>([])
        let server = try LoopbackServer { number, request, write in
            requests.withLock { $0.append(request) }
            if number == 0 { return }  // hangs up
            _ = write(answer(number == 1 ? "503 Service Unavailable" : "204 No Content"))
        }
        let sink = try WebhookAlertSink(
            url: server.url("/hook?x=1"), headers: [("Authorization", "Bearer t")], backoff: quick)
        try await sink.send(alert)
        let seen = requests.withLock { $0 }
        #expect(seen.count == 3)
        #expect(Set(seen.map { $0.header("ce-id") }) == [alert.id])
        let last = try #require(seen.last)
        #expect(last.head.hasPrefix("POST /hook?x=1 HTTP/1.1"))
        #expect(last.header("ce-specversion") == "1.0" && last.header("ce-source") == "park%20pets")
        #expect(last.header("ce-time") == "2026-05-28T20:26:40Z" && last.header("authorization") == "Bearer t")
    }

    @Test("A refusal throws at once; a receiver that stays dead throws after the last try")
    func failures() async throws {
        let count = Mutex(0)
        let server = try LoopbackServer { _, _, write in
            count.withLock { $0 += 1 }
            _ = write(answer("401 Unauthorized"))
        }
        let error = await #expect(throws: MLOpsError.self) {
            try await WebhookAlertSink(url: server.url("/"), backoff: quick).send(alert)
        }
        #expect(error?.code == .external && count.withLock { $0 } == 1)
        let dead = try WebhookAlertSink(
            url: try #require(URL(string: "http://127.0.0.1:1/")), timeout: .milliseconds(200), backoff: quick)
        let lost = await #expect(throws: MLOpsError.self) { try await dead.send(alert) }
        #expect(lost?.code == .unavailable)
        #expect(throws: MLOpsError.self) { try WebhookAlertSink(url: URL(fileURLWithPath: "/tmp")) }
    }

    @Test("Waits double up to the longest")
    func backoff() {
        let backoff = Backoff(first: .seconds(1), longest: .seconds(5))
        #expect((1...5).map { backoff.wait(afterFailures: $0) } == [1, 2, 4, 5, 5].map { .seconds($0) })
        #expect(backoff.wait(afterFailures: 10_000) == .seconds(5))
    }
}
