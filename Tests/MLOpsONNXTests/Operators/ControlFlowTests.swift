import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

/// Loops from a file, whose number of iterations nobody can trust.
@Suite struct ControlFlowTests {
    private typealias Node = ModelGraph.Node

    private func number(_ value: Int) throws -> TensorValue {
        try TensorValue(.int64, shape: [], bytes: [Int64(value)].bytes)
    }

    /// x, plus one in each of so many iterations; the step comes from around the body.
    private func loop(times: Int, body extra: [ModelGraph.Node] = []) throws -> ModelGraph {
        let body = ModelGraph.Body(
            inputs: ["i", "go", "state"], outputs: ["go", "next"],
            nodes: [Node("Add", name: "add", inputs: ["state", "one"], outputs: ["next"])] + extra)
        var loop = Node(
            "Loop", name: "loop", inputs: ["times", "", "x"], outputs: ["y"], attributes: ["body": .graph(body)])
        loop.inputs += loop.captures
        return SampleGraphs.graph(
            [loop], constants: ["times": try number(times), "one": try TensorValue(shape: [], floats: [1])])
    }

    private func x() throws -> TensorValue { try TensorValue(shape: [1, 4], floats: [0, 1, 2, 3]) }

    @Test func aBodySeesTheValuesAroundIt() throws {
        let session = try ONNXSession(try loop(times: 5), compute: Compute(threads: 1))
        #expect(try session.run(["x": x()])["y"]?.floats() == [5, 6, 7, 8])
    }

    @Test func aLoopWithoutEndIsStopped() throws {
        var limits = ONNXLimits()
        limits.iterationCount = 1000
        let session = try ONNXSession(try loop(times: Int.max), compute: Compute(threads: 1), limits: limits)
        let error = #expect(throws: MLOpsError.self) { try session.run(["x": x()]) }
        #expect(error?.code == .limitExceeded)
    }

    @Test func anUnknownOperatorInABodyIsNamedWhenTheModelIsOpened() throws {
        let graph = try loop(times: 1, body: [Node("Winograd", name: "w", inputs: ["state"], outputs: ["z"])])
        let error = #expect(throws: MLOpsError.self) { try ONNXSession(graph, compute: Compute(threads: 1)) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("'w' (Winograd)") == true)
    }

    @Test func aBodyThatTakesWhatNothingMakesIsRefused() throws {
        let graph = try loop(times: 1, body: [Node("Neg", name: "neg", inputs: ["nowhere"], outputs: ["z"])])
        let error = #expect(throws: MLOpsError.self) { try ONNXSession(graph, compute: Compute(threads: 1)) }
        #expect(error?.message.contains("nowhere") == true)
    }

    /// The error of a run of a graph, with limits.
    private func failure(
        _ graph: ModelGraph, _ inputs: [String: TensorValue], _ set: (inout ONNXLimits) -> Void
    ) throws -> MLOpsError? {
        var limits = ONNXLimits()
        set(&limits)
        let session = try ONNXSession(graph, compute: Compute(threads: 1), limits: limits)
        return #expect(throws: MLOpsError.self) { try session.run(inputs) }
    }

    @Test func stringsThatGrowAreLimitedInBytes() throws {
        // Eight strings of 1,000 bytes from one: few elements, many bytes.
        let graph = ModelGraph(
            name: "strings",
            signature: ModelSignature(
                inputs: [.init("x", .bytes, shape: [1])], outputs: [.init("y", .bytes, shape: [8])]),
            nodes: [Node("Expand", name: "expand", inputs: ["x", "count"], outputs: ["y"])],
            constants: ["count": try TensorValue(.int64, shape: [1], bytes: [Int64(8)].bytes)])
        let x = try TensorValue(byteStrings: [[UInt8](repeating: 65, count: 1000)])
        #expect(try failure(graph, ["x": x]) { $0.stringByteCount = 7999 }?.code == .limitExceeded)
        var limits = ONNXLimits()
        limits.stringByteCount = 8000
        let session = try ONNXSession(graph, compute: Compute(threads: 1), limits: limits)
        #expect(try session.run(["x": x])["y"]?.byteStrings().count == 8)
    }

    @Test func stringsThatDoubleInALoopAreStopped() throws {
        // x + x, thirty times: 2³⁰ bytes of each.
        let file = try #require(
            Bundle.module.url(
                forResource: "doubling", withExtension: "onnx", subdirectory: "Fixtures/Hostile"))
        var limits = ONNXLimits()
        limits.stringByteCount = 1 << 16
        let session = try ONNXSession(model: Data(contentsOf: file), compute: Compute(threads: 1), limits: limits)
        let x = try TensorValue(byteStrings: [Array("a".utf8)])
        let error = #expect(throws: MLOpsError.self) { try session.run(["x": x]) }
        #expect(error?.code == .limitExceeded && error?.message.contains("131072") == true, "\(error?.message ?? "")")
    }

    @Test func whatAScanCollectsIsLimitedAsAWhole() throws {
        // Each slice gives a row of 1,000, as an input says: a hundred are above the limit long before the last.
        let body = ModelGraph.Body(
            inputs: ["slice"], outputs: ["wide"],
            nodes: [Node("Expand", name: "expand", inputs: ["slice", "width"], outputs: ["wide"])])
        var scan = Node(
            "Scan", name: "scan", inputs: ["x"], outputs: ["y"],
            attributes: ["body": .graph(body), "num_scan_inputs": .int(1)])
        scan.inputs += scan.captures
        let graph = ModelGraph(
            name: "scan",
            signature: ModelSignature(
                inputs: [.init("x", .float32, shape: [-1, 1]), .init("width", .int64, shape: [1])],
                outputs: [.init("y", .float32, shape: [-1, 1000])]),
            nodes: [scan])
        let width = try TensorValue(.int64, shape: [1], bytes: [Int64(1000)].bytes)
        let x = try TensorValue(shape: [100, 1], floats: [Float](repeating: 1, count: 100))
        let error = try failure(graph, ["x": x, "width": width]) { $0.elementCount = 10_000 }
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("11000") == true, "\(error?.message ?? "")")
    }

    @Test func whatASequenceMapCollectsIsLimitedAsAWhole() throws {
        let body = ModelGraph.Body(
            inputs: ["part"], outputs: ["wide"],
            nodes: [Node("Expand", name: "expand", inputs: ["part", "width"], outputs: ["wide"])])
        var map = Node(
            "SequenceMap", name: "map", inputs: ["parts"], outputs: ["wides"], attributes: ["body": .graph(body)])
        map.inputs += map.captures
        let graph = ModelGraph(
            name: "map",
            signature: ModelSignature(
                inputs: [.init("x", .float32, shape: [-1, 1])], outputs: [.init("y", .int64, shape: [])]),
            nodes: [
                Node("SplitToSequence", name: "split", inputs: ["x"], outputs: ["parts"]), map,
                Node("SequenceLength", name: "length", inputs: ["wides"], outputs: ["y"]),
            ],
            constants: ["width": try TensorValue(.int64, shape: [2], bytes: [Int64(1), 1000].bytes)])
        let x = try TensorValue(shape: [100, 1], floats: [Float](repeating: 1, count: 100))
        let error = try failure(graph, ["x": x]) { $0.elementCount = 10_000 }
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("11000") == true, "\(error?.message ?? "")")
    }
}
