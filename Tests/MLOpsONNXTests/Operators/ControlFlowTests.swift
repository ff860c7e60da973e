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

    @Test func aSequenceThatGrowsAsItIsMappedIsStopped() throws {
        let shape = try TensorValue(.int64, shape: [2], bytes: [Int64(1), 50].bytes)
        let body = ModelGraph.Body(
            inputs: ["item"], outputs: ["wide"],
            nodes: [Node("Expand", name: "widen", inputs: ["item", "shape"], outputs: ["wide"])])
        var map = Node(
            "SequenceMap", name: "map", inputs: ["items"], outputs: ["wider"], attributes: ["body": .graph(body)])
        map.inputs += map.captures
        let graph = SampleGraphs.graph(
            [
                Node(
                    "SplitToSequence", name: "split", inputs: ["x"], outputs: ["items"],
                    attributes: ["axis": .int(1)]), map,
                Node("SequenceLength", name: "count", inputs: ["wider"], outputs: ["length"]),
                Node("Cast", name: "number", inputs: ["length"], outputs: ["y"], attributes: ["to": .int(1)]),
            ], y: [], constants: ["shape": shape])
        var limits = ONNXLimits()
        #expect(try ONNXSession(graph, compute: Compute(threads: 1)).run(["x": x()])["y"]?.floats() == [4])
        limits.elementCount = 199
        let session = try ONNXSession(graph, compute: Compute(threads: 1), limits: limits)
        let error = #expect(throws: MLOpsError.self) { try session.run(["x": x()]) }
        #expect(error?.code == .limitExceeded && error?.message.contains("sequence") == true)
    }
}
