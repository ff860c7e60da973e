import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

/// A model goes out when its file gives what its trainer gives, and not otherwise.
@Suite struct ONNXExporterTests {
    private let compute = Compute(threads: 1)

    private func model() throws -> CNNModel { try NetworkExportTests().model(.leNet(classes: 3), side: 28) }

    /// Exports into a new folder; gives what is in it afterwards.
    private func export(
        _ graph: ModelGraph, tolerance: Double = 1e-4, comparedWith trainer: ONNXExporter.Trainer
    ) throws -> (error: MLOpsError?, files: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try DurableFile.makeFolder(folder)
        var exporter = ONNXExporter(compute: compute)
        exporter.tolerance = tolerance
        var failure: MLOpsError?
        do {
            try exporter.write(graph, to: folder.appending(path: "model.onnx"), comparedWith: trainer)
        } catch let error as MLOpsError { failure = error }
        return (failure, try FileManager.default.contentsOfDirectory(atPath: folder.path))
    }

    @Test("a file that gives what the trainer gives is written") func writesWhatAgrees() throws {
        let model = try model()
        var batches: [Int] = []
        let (error, files) = try export(try model.graph()) { inputs in
            batches.append(inputs["image"]?.shape[0] ?? 0)
            return try model.outputs(of: inputs, compute: compute)
        }
        #expect(error == nil)
        #expect(files == ["model.onnx"])
        #expect(batches == [1, 2])
    }

    @Test("one weight that is another leaves no file, and the error tells the difference") func refusesOtherWeights()
        throws
    {
        let model = try model()
        var graph = try model.graph()
        let name = try #require(graph.constants.keys.sorted().first { graph.constants[$0]?.elementType == .float32 })
        var numbers = try #require(graph.constants[name]).floats()
        for index in numbers.indices { numbers[index] += 0.5 }
        graph.constants[name] = try TensorValue(shape: graph.constants[name]?.shape ?? [], floats: numbers)
        let (error, files) = try export(graph) { try model.outputs(of: $0, compute: compute) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("differs from the trainer's by") == true, "\(error?.message ?? "none")")
        #expect(files == [])
        #expect(try export(graph, tolerance: 1e6) { try model.outputs(of: $0, compute: compute) }.error == nil)
    }

    @Test("a trainer that gives nothing, another shape or no number leaves no file") func refusesWhatCanNotBeCompared()
        throws
    {
        let graph = try model().graph()
        let trainers: [ONNXExporter.Trainer] = [
            { _ in [:] }, { _ in ["logits": try TensorValue(shape: [1], floats: [0])] },
            { _ in ["nothing": try TensorValue(shape: [1], floats: [0])] },
            {
                let count = $0["image"]?.shape[0] ?? 0
                return ["logits": try TensorValue(shape: [count, 3], floats: .init(repeating: .nan, count: 3 * count))]
            },
        ]
        for trainer in trainers {
            let (error, files) = try export(graph, comparedWith: trainer)
            #expect(error?.code == .invalidArgument)
            #expect(files == [])
        }
    }
}
