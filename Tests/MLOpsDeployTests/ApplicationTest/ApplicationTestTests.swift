import Foundation
import MLOpsCore
import MLOpsDeploy
import MLOpsTestKit
import Synchronization
import Testing

/// A clock that advances by one millisecond whenever it is read.
private final class SteppingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
        static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }
    private let offset = Mutex(Swift.Duration.zero)
    let minimumResolution = Swift.Duration.milliseconds(1)
    var now: Instant {
        offset.withLock {
            $0 += .milliseconds(1)
            return Instant(offset: $0)
        }
    }
    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {}
}

/// A predictor that answers by a closure, to play broken endpoints.
private struct Endpoint: Predictor {
    let signature: ModelSignature
    let answer: @Sendable ([String: TensorValue]) async throws -> [String: TensorValue]
    func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] { try await answer(inputs) }
}

@Suite struct ApplicationTestTests {
    private func requests(_ count: Int, wrong: Int = 0) throws -> [ApplicationTest.Request] {
        try (0..<count).map { i in
            let truth = (i % 2 == 0) != (i < wrong) ? "cat" : "dog"
            return ApplicationTest.Request(
                id: "r\(i)", inputs: try ExamplePackages.input(i % 2 == 0 ? 1 : 0, i % 2 == 0 ? 0 : 1), label: truth,
                tags: ["camera": i < count / 4 ? "gate" : "pond"])
        }
    }

    private func check(_ name: String, _ report: ApplicationTestReport) -> Verdict? {
        report.checks.first { $0.name == name }?.verdict
    }

    @Test func `a good endpoint passes, with figures by slice and latency on the given clock`() async throws {
        let package = try await ExamplePackages.package()
        var limits = ApplicationTest.Limits(minimumAccuracy: 0.9)
        limits.maximumP95Latency = 0.001
        let report = try await ApplicationTest(of: package, limits: limits).run(
            requests(100, wrong: 5), on: ExamplePackages.model(), clock: SteppingClock())
        #expect(report.verdict == .pass)
        #expect(report.overall.accuracy == .proportion(95, of: 100))
        #expect(report.slices["camera=gate"]?.accuracy == .proportion(20, of: 25))
        #expect(report.slices["camera=pond"]?.accuracy == .proportion(75, of: 75))
        let latency = try #require(report.latency)
        #expect(abs(latency.p99 - 0.001) < 1e-9 && latency.count == 100)

        let read = try CanonicalJSON.decode(ApplicationTestReport.self, from: CanonicalJSON.encode(report))
        #expect(read == report)
        let evidence = try report.evidence(issuer: "ci", at: Date(timeIntervalSince1970: 0))
        #expect(evidence.subject == package.digest && evidence.verdict == .pass)
        #expect(evidence.report == (try Digest(ofJSON: report)))
    }

    @Test func `a slice below its limit fails, and a small one is insufficient`() async throws {
        var limits = ApplicationTest.Limits(minimumAccuracy: 0.9)
        limits.minimumSliceAccuracy = 0.9
        limits.minimumCount = 20
        let test = try ApplicationTest(of: await ExamplePackages.package(), limits: limits)
        let report = try await test.run(requests(100, wrong: 5), on: ExamplePackages.model())
        #expect(check("accuracy[camera=gate]", report) == .fail)
        #expect(check("accuracy[camera=pond]", report) == .pass)
        #expect(report.verdict == .fail)
        let small = try await test.run(requests(24), on: ExamplePackages.model())
        #expect(check("accuracy[camera=gate]", small) == .insufficient && small.verdict == .insufficient)
        #expect(try await test.run([], on: ExamplePackages.model()).verdict == .insufficient)
    }

    @Test func `an endpoint that runs another model fails its golden vectors`() async throws {
        let report = try await ApplicationTest(
            of: ExamplePackages.package(), limits: .init(minimumAccuracy: 0.9)
        ).run(requests(40), on: ExamplePackages.model(2))
        #expect(check("golden-vectors", report) == .fail && report.verdict == .fail)
    }

    @Test func `an endpoint that answers otherwise the second time fails`() async throws {
        let model = try ExamplePackages.model()
        let calls = Mutex(0)
        let endpoint = Endpoint(signature: model.signature) { inputs in
            let call = calls.withLock {
                $0 += 1
                return $0
            }
            let outputs = try await model.predict(inputs)
            return try outputs.mapValues { value in
                try TensorValue(shape: value.shape, floats: value.floats().map { $0 + Float(call) * 1e-7 })
            }
        }
        let report = try await ApplicationTest(
            of: ExamplePackages.package(), limits: .init(minimumAccuracy: 0.9)
        ).run(requests(40), on: endpoint)
        #expect(check("repeatable", report) == .fail && check("batch-independent", report) == .pass)
    }

    @Test func `an endpoint whose rows depend on the batch fails`() async throws {
        let model = try ExamplePackages.model()
        let endpoint = Endpoint(signature: model.signature) { inputs in
            let outputs = try await model.predict(inputs)
            guard let value = outputs["probabilities"], value.shape[0] > 2 else { return outputs }
            return ["probabilities": try TensorValue(shape: value.shape, floats: value.floats().map { $0 / 2 })]
        }
        let report = try await ApplicationTest(
            of: ExamplePackages.package(), limits: .init(minimumAccuracy: 0.9), consistencyStride: 3
        ).run(requests(40), on: endpoint)
        #expect(check("repeatable", report) == .pass && check("batch-independent", report) == .fail)
        #expect(!report.inconsistent.isEmpty)
    }

    @Test func `failed requests are counted, not thrown, and leave accuracy alone`() async throws {
        let model = try ExamplePackages.model()
        let endpoint = Endpoint(signature: model.signature) { inputs in
            guard try inputs["x"]?.floats() != [0, 1] else { throw MLOpsError(.external, "down", help: "wait") }
            return try await model.predict(inputs)
        }
        let report = try await ApplicationTest(
            of: ExamplePackages.package(), limits: .init(minimumAccuracy: 0.9)
        ).run(requests(80), on: endpoint)
        #expect(report.overall.errors == 40 && report.overall.accuracy == .proportion(40, of: 40))
        #expect(check("errors", report) == .fail && report.errorSamples.count == 10)
    }

    @Test func `abstentions lower coverage, not accuracy`() async throws {
        var limits = ApplicationTest.Limits(minimumAccuracy: 0.9)
        limits.minimumCoverage = 0.5
        let report = try await ApplicationTest(of: ExamplePackages.package(threshold: 0.99), limits: limits).run(
            requests(40), on: ExamplePackages.model())
        #expect(report.overall.coverage.value == 0 && report.overall.accuracy.count == 0)
        #expect(check("accuracy", report) == .insufficient && check("coverage", report) == .fail)
    }

    @Test func `a package that is no classifier is refused`() async throws {
        let package = try await ExamplePackages.model().package(named: "regressor", labels: [], golden: [])
        #expect(throws: MLOpsError.self) { try ApplicationTest(of: package, limits: .init(minimumAccuracy: 0.9)) }
    }

    @Test func `percentiles are of the nearest rank`() {
        let latency = LatencySummary((1...200).map(Double.init))
        #expect(latency?.p50 == 100 && latency?.p95 == 190 && latency?.p99 == 198 && latency?.maximum == 200)
        #expect(LatencySummary([7])?.p50 == 7 && LatencySummary([]) == nil)
    }
}
