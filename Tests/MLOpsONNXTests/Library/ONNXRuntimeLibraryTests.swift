import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import MLOpsTestKit
import Testing

/// The library's path is given by MLOPS_ONNXRUNTIME; what needs no library is tested without.
@Suite struct ONNXRuntimeLibraryTests {
    private static let path = ProcessInfo.processInfo.environment["MLOPS_ONNXRUNTIME"]

    @Test(.enabled(if: path != nil, "MLOPS_ONNXRUNTIME is not set")) func itKeepsThePromisesOfARuntime() async throws {
        let library = try ONNXRuntimeLibrary(at: URL(filePath: Self.path ?? ""))
        #expect(library.version.contains("."))
        let graph = try SampleGraphs.classifier()
        let input = try SampleGraphs.pictures(2)
        let outputs = try ONNXSession(graph, compute: Compute(threads: 1)).run(["image": input])
        let manifest = ModelPackage.Manifest(
            name: "sample", format: .onnx, signature: graph.signature, labels: ["cat", "dog"],
            goldenVectors: [.init(inputs: ["image": input], outputs: outputs, tolerance: 1e-5)])
        let package = try ModelPackage(manifest: manifest, files: try ONNXSerializer().serialize(graph))
        try await ModelRuntimeExam(library, package: package).run()
    }

    @Test(.enabled(if: path != nil, "MLOPS_ONNXRUNTIME is not set")) func itTakesAndGivesTexts() async throws {
        let library = try ONNXRuntimeLibrary(at: URL(filePath: Self.path ?? ""))
        let texts = ModelSignature(
            inputs: [.init("x", .bytes, shape: [-1])], outputs: [.init("y", .bytes, shape: [-1])])
        let graph = ModelGraph(
            name: "texts", signature: texts, nodes: [.init("Identity", name: "same", inputs: ["x"], outputs: ["y"])])
        let files = try ONNXSerializer().serialize(graph)
        let package = try ModelPackage(
            manifest: .init(name: "texts", format: .onnx, signature: texts, labels: []), files: files)
        let value = try TensorValue(byteStrings: [Array("Señor Gos".utf8), [], Array("gat".utf8)])
        let predictor = try await library.predictor(for: package)
        #expect(try await predictor.predict(["x": value])["y"] == value)
    }

    @Test func aMissingLibraryIsAnErrorThatSaysWhatToDo() {
        let error = #expect(throws: MLOpsError.self) {
            try ONNXRuntimeLibrary(at: URL(filePath: "/no/such/library.so"))
        }
        #expect(error?.code == .notFound)
        #expect(error?.help.contains("ONNXModelRuntime") == true)
    }

    @Test func anotherFileIsRefused() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).so")
        try Data("no library".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = #expect(throws: MLOpsError.self) { try ONNXRuntimeLibrary(at: file) }
        #expect(error?.code == .unavailable)
    }
}
