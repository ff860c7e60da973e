import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import MLOpsTestKit
import Testing

@Suite struct ONNXModelRuntimeTests {
    private func package(_ change: (inout ModelPackage.Manifest) -> Void = { _ in }) throws -> ModelPackage {
        let graph = try SampleGraphs.classifier()
        let input = try SampleGraphs.pictures(2)
        let outputs = try ONNXSession(graph, compute: Compute(threads: 1)).run(["image": input])
        var manifest = ModelPackage.Manifest(
            name: "sample", format: .onnx, signature: graph.signature, labels: ["cat", "dog"],
            goldenVectors: [.init(inputs: ["image": input], outputs: outputs, tolerance: 0)])
        change(&manifest)
        return try ModelPackage(manifest: manifest, files: try ONNXSerializer().serialize(graph))
    }

    @Test func itKeepsThePromisesOfARuntime() async throws {
        try await ModelRuntimeExam(ONNXModelRuntime(compute: Compute(threads: 2)), package: try package()).run()
    }

    @Test func aPackageMayFixTheBatchThatItsModelLeavesOpen() async throws {
        let fixed = try package { $0.signature.inputs[0].shape[0] = 2 }
        let predictor = try await ONNXModelRuntime(compute: Compute(threads: 1)).predictor(for: fixed)
        let three = try SampleGraphs.pictures(3)
        let error = await #expect(throws: MLOpsError.self) { try await predictor.predict(["image": three]) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func aPackageWhoseSignatureIsNotItsModelsIsRefused() async throws {
        let other = try package { $0.signature.outputs[0].name = "scores" }
        let error = await #expect(throws: MLOpsError.self) {
            try await ONNXModelRuntime(compute: Compute(threads: 1)).predictor(for: other)
        }
        #expect(error?.code == .corruptData)
    }
}
