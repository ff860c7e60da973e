import Foundation
import MLOpsCore
import MLOpsDeploy
import MLOpsServing
import MLOpsTestKit
import Testing

@Suite struct HTTPEndpointTests {
    private let anyPort = InferenceServer.Configuration(port: 0)

    @Test func `it passes the exam of predictors`() async throws {
        try await InferenceServer(serving: [ExampleModels.pets()], configuration: anyPort).whileRunning { url in
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "pets")
            try await PredictorExam(
                endpoint, inputs: ["x": TensorValue(shape: [3, 2], floats: [1, 0, 0, 1, 0.5, 0.5])]
            ).run()
        }
    }

    @Test func `an application test passes over HTTP`() async throws {
        let model = try await ExampleModels.pets()
        try await InferenceServer(serving: [model], configuration: anyPort).whileRunning { url in
            let requests = try (0..<40).map { i in
                ApplicationTest.Request(
                    id: "\(i)", inputs: ["x": try TensorValue(shape: [1, 2], floats: i % 2 == 0 ? [1, 0] : [0, 1])],
                    label: i % 2 == 0 ? "cat" : "dog")
            }
            let report = try await ApplicationTest(of: model.package, limits: .init(minimumAccuracy: 0.99)).run(
                requests, on: HTTPEndpoint.connect(to: url, model: "pets"))
            #expect(report.verdict == .pass, "\(report.checks)")
        }
    }

    @Test func `errors say what is not there`() async throws {
        try await InferenceServer(serving: [ExampleModels.pets()], configuration: anyPort).whileRunning { url in
            let missing = await #expect(throws: MLOpsError.self) {
                try await HTTPEndpoint.connect(to: url, model: "no such")
            }
            #expect(missing?.code == .notFound)
            let endpoint = try await HTTPEndpoint.connect(to: url, model: "pets")
            let refused = await #expect(throws: MLOpsError.self) { try await endpoint.predict(encodedImages: [[1]]) }
            #expect(refused?.code == .unsupported)
        }
        let nobody = try #require(URL(string: "http://127.0.0.1:1"))
        let error = await #expect(throws: MLOpsError.self) { try await HTTPEndpoint.connect(to: nobody, model: "x") }
        #expect(error?.code == .unavailable)
        #expect(await !HTTPEndpoint.isReady(nobody))
    }
}
