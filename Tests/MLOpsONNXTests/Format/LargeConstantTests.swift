import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import SwiftProtobuf
import Testing

/// Constants so large that their raw data are looked up in the file by their places.
@Suite struct LargeConstantTests {
    private let serializer = ONNXSerializer()

    private func graph() throws -> ModelGraph {
        var random = SeededGenerator(seed: 3)
        func matrix() throws -> TensorValue {
            try TensorValue(shape: [64, 64], floats: (0..<64 * 64).map { _ in Float(random.uniform()) })
        }
        return SampleGraphs.graph(
            [
                .init("MatMul", name: "first", inputs: ["x", "a"], outputs: ["h"]),
                .init("Add", name: "small", inputs: ["h", "b"], outputs: ["k"]),
                .init("MatMul", name: "second", inputs: ["k", "c"], outputs: ["y"]),
            ], x: [-1, 64], y: [-1, 64],
            constants: ["a": try matrix(), "b": try TensorValue(shape: [1], floats: [0.5]), "c": try matrix()])
    }

    private func read(_ bytes: Data) throws -> ModelGraph {
        try serializer.deserialize([try ModelFile(path: ONNXSerializer.path, bytes: bytes)])
    }

    @Test func eachIsReadFromItsPlace() throws {
        let graph = try graph()
        let bytes = try serializer.serialize(graph)[0].bytes
        #expect(try read(bytes) == graph)
        // Data that are a part of others do not begin at 0.
        #expect(try read((Data([1, 2, 3]) + bytes)[3...]) == graph)
    }

    @Test func aGraphInTwoFieldsIsOne() throws {
        let graph = try graph()
        var model = try ONNXModelProto(serializedBytes: serializer.serialize(graph)[0].bytes)
        var rest = ONNXModelProto()
        rest.graph.initializer = [model.graph.initializer.removeLast()]
        let (first, second): (Data, Data) = (try model.serializedBytes(), try rest.serializedBytes())
        #expect(try read(first + second) == graph)
    }

    /// A field whose content is bytes. Source: "Protocol Buffers: Encoding".
    private func field(_ number: UInt8, _ content: Data) -> Data {
        var bytes = Data([number << 3 | 2])
        var length = content.count
        while length >= 0x80 {
            bytes.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        return bytes + [UInt8(length)] + content
    }

    @Test func aFieldThatComesTwiceHoldsWhatCameLast() throws {
        let graph = try graph()
        var model = try ONNXModelProto(serializedBytes: serializer.serialize(graph)[0].bytes)
        let tensor: Data = try model.graph.initializer.removeFirst().serializedBytes()
        let zeros = field(9, Data(repeating: 0, count: 4 * 64 * 64))
        let rest: Data = try model.serializedBytes()
        let found = try read(rest + field(7, field(5, tensor + zeros)))
        #expect(try found.constants["a"]?.floats().allSatisfy { $0 == 0 } == true)
        #expect(found.constants["c"] == graph.constants["c"])
    }

    @Test func aTensorWithNothingButRawDataIsRefused() throws {
        var model = try ONNXModelProto(serializedBytes: serializer.serialize(graph())[0].bytes)
        var bare = ONNXTensorProto()
        bare.rawData = Data(repeating: 0, count: 4 * 64 * 64)
        model.graph.initializer.insert(bare, at: 0)
        let bytes: Data = try model.serializedBytes()
        #expect(throws: MLOpsError.self) { try read(bytes) }
    }

    @Test(arguments: [1, 100, 5000, 20_000, 32_000]) func aFileThatEndsTooEarlyIsRefused(missing: Int) throws {
        let bytes = try serializer.serialize(graph())[0].bytes
        let error = #expect(throws: MLOpsError.self) { try read(bytes.dropLast(missing)) }
        #expect(error?.code == .corruptData)
    }
}
