import Foundation
import MLOpsCore
import MLOpsServing
import MLOpsTestKit
import Synchronization
import Testing

@Suite struct InferenceServerTests {
    private let anyPort = InferenceServer.Configuration(port: 0)

    @Test func `metadata and health are those of the protocol`() async throws {
        let model = try await ExampleModels.pictures()
        try await InferenceServer(serving: [model], configuration: anyPort).whileRunning { url in
            let server = try await Reply.get(url, "/v2")
            #expect(server.status == 200 && (server.json["extensions"] as? [String])?.first == "binary_tensor_data")
            #expect(try await Reply.get(url, "/v2/health/live").status == 200)
            #expect(try await Reply.get(url, "/v2/health/ready").status == 200)
            #expect(try await Reply.get(url, "/v2/models/light/ready").status == 200)
            for path in ["/v2/models/light", "/v2/models/light/versions/1"] {
                let metadata = try await Reply.get(url, path)
                #expect(metadata.json["name"] as? String == "light")
                #expect(metadata.json["platform"] as? String == "swift-mlops_linear-json")
                let input = (metadata.json["inputs"] as? [[String: Any]])?.first
                #expect(input?["datatype"] as? String == "UINT8" && input?["shape"] as? [Int] == [-1, 2, 2, 3])
                let parameters = metadata.json["parameters"] as? [String: Any]
                #expect(parameters?["digest"] as? String == "\(model.package.digest)")
                #expect(parameters?["encoded_image_input"] as? String == "image")
            }
            for path in ["/v2/models/none", "/v2/models/light/versions/9", "/v2/nowhere", "/v2/models/none/ready"] {
                let missing = try await Reply.get(url, path)
                #expect(missing.status == 404 && missing.json["error"] is String)
            }
        }
    }

    @Test func `it is not ready, and never says so, when a golden vector fails`() async throws {
        let server = InferenceServer(
            serving: [try await ExampleModels.pets(), try await ExampleModels.pets(skew: 0.1)], configuration: anyPort)
        let error = await #expect(throws: MLOpsError.self) {
            try await server.run { _ in Issue.record("it said that it is ready") }
        }
        #expect(error?.code == .digestMismatch || error?.code == .invalidArgument)
    }

    @Test func `it is live but not ready while golden vectors are checked`() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let good = try await ExampleModels.pets()
        var slow = good
        slow.predictor = ClosurePredictor(good.package.manifest.signature) { inputs in
            for await _ in gate.stream { break }
            return try await good.predictor.predict(inputs)
        }
        let port = try await freePort()
        let server = InferenceServer(serving: [slow], configuration: .init(port: port))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.whileRunning { url in #expect(await HTTPEndpoint.isReady(url)) } }
            let url = try #require(URL(string: "http://127.0.0.1:\(port)"))
            var status: UInt?
            while status == nil {
                status = try? await Reply.get(url, "/v2/health/live").status
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(status == 200)
            #expect(try await Reply.get(url, "/v2/health/ready").status == 400)
            gate.continuation.finish()
            try await group.waitForAll()
        }
    }

    /// A port that nothing listened on a moment ago.
    private func freePort() async throws -> Int {
        let port = Mutex(0)
        try await InferenceServer(serving: [], configuration: anyPort).whileRunning { url in
            port.withLock { $0 = url.port ?? 0 }
        }
        return port.withLock { $0 }
    }

    @Test func `a port in use is named, with the way out`() async throws {
        let model = try await ExampleModels.pets()
        try await InferenceServer(serving: [model], configuration: anyPort).whileRunning { url in
            let port = try #require(url.port)
            let error = await #expect(throws: MLOpsError.self) {
                try await InferenceServer(serving: [model], configuration: .init(port: port)).run()
            }
            #expect(error?.code == .unavailable && error?.message.contains("\(port)") == true)
        }
    }

    @Test func `requests under way finish when it stops`() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let good = try await ExampleModels.pets()
        let calls = Mutex(0)
        var slow = good
        slow.predictor = ClosurePredictor(good.package.manifest.signature) { inputs in
            // The first call is that of the golden vector.
            let isRequest = calls.withLock {
                $0 += 1
                return $0 > 1
            }
            if isRequest {
                start.yield()
                try await Task.sleep(for: .milliseconds(300))
            }
            return try await good.predictor.predict(inputs)
        }
        let server = InferenceServer(serving: [slow], configuration: anyPort)
        try await server.run { url in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let reply = try await Reply.post(
                        url, "/v2/models/pets/infer",
                        #"{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [1, 0]}]}"#)
                    #expect(reply.status == 200)
                }
                for await _ in started { break }
                await server.stop()
                await #expect(throws: (any Error).self) { try await Reply.get(url, "/v2/health/live") }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a model is replaced while it serves, and a broken one is not taken`() async throws {
        let server = InferenceServer(serving: [try await ExampleModels.pets(1)], configuration: anyPort)
        try await server.whileRunning { url in
            let second = try await ExampleModels.pets(2)
            try await server.load(second)
            await #expect(throws: MLOpsError.self) { try await server.load(ExampleModels.pets(3, skew: 1)) }
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "pets")
            #expect(endpoint.package == second.package.digest)
            try await second.package.verifyGoldenVectors(on: endpoint)
            server.unload("pets")
            #expect(try await Reply.get(url, "/v2/models/pets").status == 404)
        }
    }

    @Test func `metrics are in the text format of Prometheus`() async throws {
        let model = try await ExampleModels.pets()
        try await InferenceServer(serving: [model], configuration: anyPort).whileRunning { url in
            let body = #"{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [1, 0]}]}"#
            for _ in 0..<3 { _ = try await Reply.post(url, "/v2/models/pets/infer", body) }
            _ = try await Reply.post(url, "/v2/models/pets/infer", "{}")
            _ = try await Reply.post(url, "/v2/models/nobody/infer", body)
            let text = try await Reply.get(url, "/metrics").text
            #expect(text.contains(#"mlops_inference_requests_total{model="pets",status="200"} 3"#))
            #expect(text.contains(#"mlops_inference_requests_total{model="pets",status="400"} 1"#))
            #expect(text.contains(#"mlops_inference_duration_seconds_bucket{model="pets",le="+Inf"} 3"#))
            #expect(text.contains(#"mlops_inference_duration_seconds_count{model="pets"} 3"#))
            #expect(!text.contains("nobody"))
        }
    }
}
