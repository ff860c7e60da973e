import Foundation
import MLOpsCore
import MLOpsServing
import Synchronization
import Testing

/// A log that refuses, or waits until it is let go.
private actor StubbornLog: PredictionLog {
    private let gate: AsyncStream<Void>?
    init(gate: AsyncStream<Void>?) { self.gate = gate }
    func append(_ predictions: [PredictionRecord]) async throws {
        guard let gate else { throw MLOpsError(.storage, "The disk is full.", help: "Free some space.") }
        for await _ in gate { break }
    }
    func append(labels: [PredictionLabel]) {}
    func predictions(from start: Date, to end: Date) -> [LabeledPrediction] { [] }
}

@Suite struct CaptureTests {
    private let now = Date(timeIntervalSince1970: 1_700_000_000)

    private func server(
        _ model: ServedModel, _ log: any PredictionLog, capacity: Int = 1024, bytes: Int = 1 << 20
    ) -> InferenceServer {
        var configuration = InferenceServer.Configuration(port: 0)
        configuration.captureCapacity = capacity
        configuration.captureBytes = bytes
        return InferenceServer(
            serving: [model], configuration: configuration, predictionLog: log, wallClock: .fixed(now))
    }

    @Test func `each row is kept with its input's digest, features, tags and decision`() async throws {
        let log = InMemoryPredictionLog()
        let model = try await ExampleModels.pictures()
        let light = [UInt8(ascii: "P")] + [UInt8](repeating: 255, count: 12)
        let dark = [UInt8(ascii: "P")] + [UInt8](repeating: 0, count: 12)
        try await server(model, log).whileRunning { url in
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "light")
            let answer = try await endpoint.predict(
                encodedImages: [light, dark], tags: ["camera": "north-gate"], id: "r1")
            #expect(answer.inferenceIDs == ["r1/0", "r1/1"])
            // The truth may come before the prediction is written.
            try await endpoint.send(.init(id: "r1/1", label: "light", at: now, source: "ranger"))
            try await endpoint.send(.init(id: "r1/1", label: "light", at: now, source: "ranger"))
        }
        let kept = await log.predictions(from: now, to: now + 1)
        #expect(kept.map(\.prediction.id) == ["r1/0", "r1/1"])
        #expect(kept.map(\.prediction.label) == ["light", "dark"])
        #expect(kept.map(\.prediction.input) == [Digest(of: light), Digest(of: dark)])
        #expect(kept.map(\.prediction.features) == [["brightness": 255], ["brightness": 0]])
        #expect(kept.allSatisfy { $0.prediction.tags == ["camera": "north-gate"] })
        #expect(kept.allSatisfy { $0.prediction.package == model.package.digest && $0.prediction.latency > 0 })
        #expect(kept.map(\.label?.label) == [nil, "light"])
    }

    @Test func `below the threshold the model abstains`() async throws {
        let log = InMemoryPredictionLog()
        try await server(try await ExampleModels.pets(threshold: 0.9), log).whileRunning { url in
            _ = try await HTTPEndpoint.connect(to: url, model: "pets").predict(
                ["x": TensorValue(shape: [2, 2], floats: [1, 0, 9, 0])])
        }
        let kept = await log.predictions(from: now, to: now + 1)
        #expect(kept.map(\.prediction.label) == [nil, "cat"] && kept[0].prediction.probabilities.count == 2)
    }

    @Test func `a full queue counts what it lets go, and answers go on`() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        try await server(try await ExampleModels.pets(), StubbornLog(gate: gate.stream), capacity: 2).whileRunning { url in
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "pets")
            for _ in 0..<20 { _ = try await endpoint.predict(["x": TensorValue(shape: [1, 2], floats: [1, 0])]) }
            let metrics = try await Reply.get(url, "/metrics").text
            let dropped = try #require(metrics.firstMatch(of: /outcome="dropped"} (\d+)/)).1
            #expect(try #require(Int(dropped)) >= 15)
            gate.continuation.finish()
        }
    }

    @Test func `inputs over the limit of bytes are let go`() async throws {
        let log = InMemoryPredictionLog()
        try await server(try await ExampleModels.pets(), log, bytes: 7).whileRunning { url in
            _ = try await HTTPEndpoint.connect(to: url, model: "pets").predict(
                ["x": TensorValue(shape: [1, 2], floats: [1, 0])])
            #expect(try await Reply.get(url, "/metrics").text.contains(#"outcome="dropped"} 1"#))
        }
        #expect(await log.predictions(from: now, to: now + 1).isEmpty)
    }

    @Test func `a log that fails is counted, and answers go on`() async throws {
        try await server(try await ExampleModels.pets(), StubbornLog(gate: nil)).whileRunning { url in
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "pets")
            _ = try await endpoint.predict(["x": TensorValue(shape: [1, 2], floats: [1, 0])])
            var text = ""
            for _ in 0..<400 where !text.contains(#"outcome="failed"} 1"#) {
                try await Task.sleep(for: .milliseconds(5))
                text = try await Reply.get(url, "/metrics").text
            }
            #expect(text.contains(#"outcome="failed"} 1"#))
        }
    }

    @Test func `feedback needs a known class, an id, and a log`() async throws {
        let path = "/v2/models/pets/feedback"
        let model = try await ExampleModels.pets()
        let good = #"{"id": "a/0", "label": "dog", "source": "ranger"}"#
        let log = InMemoryPredictionLog()
        try await server(model, log).whileRunning { url in
            let taken = try await Reply.post(url, path, good)
            #expect(taken.status == 200)
            for bad in [
                #"{"id": "a/0", "label": "fox", "source": "ranger"}"#, #"{"id": "", "label": "dog", "source": "r"}"#,
                #"{"label": "dog"}"#, "[]",
            ] {
                #expect(try await Reply.post(url, path, bad).status == 400)
            }
        }
        try await InferenceServer(serving: [model], configuration: .init(port: 0)).whileRunning { url in
            let refused = try await Reply.post(url, path, good)
            #expect(refused.status == 400)
        }
    }
}
