import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import MLOpsTestKit
import SwiftProtobuf
import Testing

@Suite struct ONNXSerializerTests {
    private let serializer = ONNXSerializer()

    @Test func aGraphReadBackIsTheSame() throws {
        let graph = try SampleGraphs.classifier()
        #expect(try serializer.deserialize(serializer.serialize(graph)) == graph)
    }

    @Test func everyKindOfAttributeAndConstantReadsBack() throws {
        var graph = SampleGraphs.graph([
            .init(
                "Constant", name: "tensor", inputs: [], outputs: ["a"],
                attributes: ["value": .tensor(try TensorValue(shape: [1], floats: [2]))]),
            .init("Constant", name: "floats", inputs: [], outputs: ["b"], attributes: ["value_floats": .floats([1.5])]),
            .init("Constant", name: "int", inputs: [], outputs: ["c"], attributes: ["value_int": .int(-3)]),
            .init("Constant", name: "ints", inputs: [], outputs: ["d"], attributes: ["value_ints": .ints([1, -1])]),
            .init("Mul", name: "mul", inputs: ["x", "a"], outputs: ["y"]),
        ])
        for type in ElementType.allCases {
            graph.constants[type.rawValue] =
                try type.byteCount.map {
                    try TensorValue(type, shape: [2, 0], bytes: [UInt8](repeating: 1, count: 0 * $0))
                }
                ?? TensorValue(byteStrings: [Array("text".utf8), []])
            if let size = type.byteCount {
                graph.constants[type.rawValue + "3"] = try TensorValue(
                    type, shape: [3], bytes: [UInt8](repeating: 1, count: 3 * size))
            }
        }
        #expect(try serializer.deserialize(serializer.serialize(graph)) == graph)
    }

    @Test func theFileSaysWhatEveryReaderMustKnow() throws {
        let graph = try SampleGraphs.classifier()
        let files = try serializer.serialize(graph)
        #expect(files.map(\.path) == ["model.onnx"])
        let model = try ONNXModelProto(serializedBytes: files[0].bytes)
        #expect(model.irVersion == 8)
        #expect(model.opsetImport.map(\.version) == [17])
        #expect(model.producerName == "swift-mlops")
        #expect(model.metadataProps.map(\.key) == ["mlops.dataset", "mlops.run"])
        #expect(model.graph.input[0].type.tensorType.shape.dim[0].dimParam == "batch")
        #expect(model.graph.initializer.allSatisfy { $0.hasRawData })
        #expect(model.graph.initializer.map(\.name) == graph.constants.keys.sorted())
        let inferred = Dictionary(uniqueKeysWithValues: model.graph.valueInfo.map { ($0.name, $0.type.tensorType) })
        let extents = inferred["c2"]?.shape.dim.map { $0.dimParam.isEmpty ? "\($0.dimValue)" : $0.dimParam }
        #expect(extents == ["batch", "16", "3", "3"])
    }

    @Test func itKeepsThePromisesOfASerializer() async throws {
        let models = [try SampleGraphs.classifier(), try SampleGraphs.classifier(seed: 8, size: 9)]
        try await ModelSerializerExam(serializer, models: models) { model, copy in
            let compute = Compute(threads: 1)
            let size = model.signature.inputs[0].shape[1]
            let inputs = ["image": try SampleGraphs.pictures(2, size: size)]
            let expected = try ONNXSession(model, compute: compute).run(inputs)
            return try ONNXSession(copy, compute: compute).run(inputs) == expected
        }.run()
    }

    @Test func aGraphThatCannotBeRunIsNotWritten() throws {
        let graph = SampleGraphs.graph([.init("Winograd", name: "memory", inputs: ["x"], outputs: ["y"])])
        let error = #expect(throws: MLOpsError.self) { try serializer.serialize(graph) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("'memory' (Winograd)") == true)
    }

    /// Writes the sample for `Tests/Oracles/onnx_check.py`, with what we compute.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MLOPS_ONNX_EXPORT"] != nil))
    func exportsForTheReferenceChecker() throws {
        let root = URL(fileURLWithPath: try #require(ProcessInfo.processInfo.environment["MLOPS_ONNX_EXPORT"]))
        for (name, size, batch) in [("classifier", 12, 3), ("classifier_odd", 15, 1)] {
            let folder = root.appendingPathComponent("graphs/\(name)")
            try DurableFile.makeFolder(folder)
            let graph = try SampleGraphs.classifier(size: size)
            try DurableFile.write(
                try serializer.serialize(graph)[0].bytes, to: folder.appendingPathComponent("model.onnx"))
            let input = try SampleGraphs.pictures(batch, size: size)
            let outputs = try ONNXSession(graph, compute: Compute(threads: 1)).run(["image": input])
            for (file, value) in [("input_0.pb", input), ("output_0.pb", try #require(outputs["probabilities"]))] {
                let bytes: Data = try ONNXTensorProto(value).serializedBytes()
                try DurableFile.write(bytes, to: folder.appendingPathComponent(file))
            }
        }
    }
}
