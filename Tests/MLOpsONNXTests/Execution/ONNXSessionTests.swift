import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import SwiftProtobuf
import Testing

@Suite struct ONNXSessionTests {
    @Test func theBitsAreTheSameAtAnyNumberOfThreads() throws {
        let graph = try SampleGraphs.classifier()
        let inputs = ["image": try SampleGraphs.pictures(5)]
        let one = try ONNXSession(graph, compute: Compute(threads: 1)).run(inputs)
        for threads in 2...4 {
            #expect(try ONNXSession(graph, compute: Compute(threads: threads)).run(inputs) == one)
        }
    }

    @Test func aRowHasTheSameBitsInABatchOfAnySize() throws {
        let session = try ONNXSession(try SampleGraphs.classifier(), compute: Compute(threads: 2))
        let pictures = try SampleGraphs.pictures(7)
        let together = try #require(try session.run(["image": pictures])["probabilities"])
        let size = pictures.bytes.count / 7
        for row in 0..<7 {
            let one = try TensorValue(
                .uint8, shape: [1, 12, 12, 3], bytes: Array(pictures.bytes[row * size..<(row + 1) * size]))
            let alone = try #require(try session.run(["image": one])["probabilities"])
            #expect(alone.bytes == Array(together.bytes[row * 8..<(row + 1) * 8]))
        }
    }

    @Test func concurrentRunsGiveTheSameBits() async throws {
        let session = try ONNXSession(try SampleGraphs.classifier(), compute: Compute(threads: 2))
        let inputs = ["image": try SampleGraphs.pictures(2)]
        let expected = try session.run(inputs)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 { group.addTask { try session.run(inputs) == expected } }
            for try await same in group { #expect(same) }
        }
    }

    @Test func aFileOfANewerOperatorSetRunsWhereItsDefinitionHolds() throws {
        let graph = SampleGraphs.graph([.init("Relu", name: "relu", inputs: ["x"], outputs: ["y"])])
        var model = try ONNXModelProto(serializedBytes: try ONNXSerializer().serialize(graph)[0].bytes)
        model.opsetImport[0].version = 22
        let session = try ONNXSession(model: try model.serializedBytes(), compute: Compute(threads: 1))
        let x = try TensorValue(shape: [1, 4], floats: [-1, 0, 2, -3])
        #expect(try session.run(["x": x])["y"]?.floats() == [0, 0, 2, 0])
    }

    @Test func aGraphWhoseShapesContradictIsRefusedWhenOpened() throws {
        let graph = SampleGraphs.graph(
            [.init("Add", name: "sum", inputs: ["x", "b"], outputs: ["y"])],
            constants: ["b": try TensorValue(shape: [3], floats: [1, 2, 3])])
        let error = #expect(throws: MLOpsError.self) { try ONNXSession(graph, compute: Compute(threads: 1)) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("'sum' (Add)") == true)
    }

    @Test func anOutputStatedWronglyIsRefusedWhenOpened() throws {
        let graph = SampleGraphs.graph([.init("Relu", name: "relu", inputs: ["x"], outputs: ["y"])], y: [-1, 5])
        let error = #expect(throws: MLOpsError.self) { try ONNXSession(graph, compute: Compute(threads: 1)) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("'y'") == true)
    }

    @Test func aResultBeyondTheLimitIsNotMade() throws {
        let pads = try TensorValue(.int64, shape: [4], bytes: [Int64](repeating: 1 << 39, count: 4).bytes)
        let graph = SampleGraphs.graph(
            [.init("Pad", name: "pad", inputs: ["x", "pads"], outputs: ["y"])], y: [-1, -1], constants: ["pads": pads])
        let error = #expect(throws: MLOpsError.self) { try ONNXSession(graph, compute: Compute(threads: 1)) }
        #expect(error?.message.contains("above the limit") == true)
    }

    @Test func inputsThatDoNotFitThrowAndTheSessionStaysUsable() throws {
        let graph = SampleGraphs.graph([.init("Relu", name: "relu", inputs: ["x"], outputs: ["y"])])
        let session = try ONNXSession(graph, compute: Compute(threads: 1))
        for shape in [[4], [1, 3], [1, 4, 1]] {
            let wrong = try TensorValue(shape: shape, floats: [Float](repeating: 0, count: shape.reduce(1, *)))
            let error = #expect(throws: MLOpsError.self) { try session.run(["x": wrong]) }
            #expect(error?.code == .invalidArgument)
        }
        let right = try TensorValue(shape: [0, 4], floats: [])
        #expect(try session.run(["x": right])["y"]?.shape == [0, 4])
    }

    @Test func constantsAreComputedOnceAndShapesAreKnown() throws {
        // The batch is kept by Shape → Gather → Unsqueeze → Concat → Reshape, as exporters write it.
        let zero = try TensorValue(.int64, shape: [], bytes: [Int64(0)].bytes)
        let axes = try TensorValue(.int64, shape: [1], bytes: [Int64(0)].bytes)
        let graph = SampleGraphs.graph(
            [
                .init("Shape", name: "shape", inputs: ["x"], outputs: ["s"]),
                .init("Gather", name: "batch", inputs: ["s", "zero"], outputs: ["n"]),
                .init("Unsqueeze", name: "list", inputs: ["n", "axes"], outputs: ["l"]),
                .init("Constant", name: "rest", inputs: [], outputs: ["r"], attributes: ["value_ints": .ints([-1])]),
                .init("Concat", name: "target", inputs: ["l", "r"], outputs: ["t"], attributes: ["axis": .int(0)]),
                .init("Reshape", name: "flat", inputs: ["x", "t"], outputs: ["y"]),
            ], x: [-1, 2, 2], y: [-1, -1], constants: ["zero": zero, "axes": axes])
        let session = try ONNXSession(graph, compute: Compute(threads: 1))
        let x = try TensorValue(shape: [3, 2, 2], floats: (0..<12).map(Float.init))
        let y = try #require(try session.run(["x": x])["y"])
        #expect(y.shape == [3, 4])
        #expect(try y.floats() == (0..<12).map(Float.init))
    }
}

extension Array where Element: BitwiseCopyable {
    /// The elements as bytes.
    var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
