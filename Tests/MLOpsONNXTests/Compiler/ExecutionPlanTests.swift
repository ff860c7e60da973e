import Foundation
import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

@Suite struct ExecutionPlanTests {
    private func chain(_ length: Int) -> ModelGraph {
        let names = ["x"] + (1..<length).map { "h\($0)" } + ["y"]
        let nodes = (0..<length).map { step -> ModelGraph.Node in
            .init("Softplus", name: "step \(step)", inputs: [names[step]], outputs: [names[step + 1]])
        }
        return SampleGraphs.graph(nodes, x: [-1, 64], y: [-1, 64])
    }

    private func tensor(_ shape: [Int]) throws -> TensorValue {
        try TensorValue(shape: shape, floats: (0..<shape.reduce(1, *)).map { Float($0 % 17) / 8 - 1 })
    }

    @Test func valuesTakeThePlaceOfThoseThatNobodyNeeds() throws {
        let session = try ONNXSession(chain(12), compute: Compute(threads: 1))
        let plan = try session.explain(["x": [3, 64]])
        #expect(plan.steps.count == 12)
        #expect(plan.steps.allSatisfy { $0.isPlanned && $0.isInPlace })
        #expect(plan.peakBytes == 3 * 64 * 4)
    }

    @Test func aPlanIsMadeForEachShapeAndRunsOftenGiveTheSame() throws {
        let session = try ONNXSession(chain(3), compute: Compute(threads: 2))
        for batch in [1, 4, 2, 4, 1, 7, 3, 8, 9, 10, 11, 12, 1] {
            let x = try tensor([batch, 64])
            let first = try session.run(["x": x])
            #expect(first["y"]?.shape == [batch, 64])
            #expect(try session.run(["x": x]) == first)
        }
    }

    @Test func anErrorLeavesTheSessionUsable() throws {
        // Rows of a table, at places that are told at run time.
        var graph = SampleGraphs.graph(
            [.init("Gather", name: "rows", inputs: ["table", "i"], outputs: ["y"])], x: [-1, 4], y: [-1, 3],
            constants: ["table": try tensor([5, 3])])
        graph.signature.inputs = [.init("i", .int64, shape: [-1])]
        let session = try ONNXSession(graph, compute: Compute(threads: 1))
        func places(_ values: [Int64]) throws -> TensorValue {
            try TensorValue(.int64, shape: [values.count], bytes: values.bytes)
        }
        let good = try session.run(["i": places([4, 0, -1])])
        #expect(try good["y"]?.floats().prefix(3) == tensor([5, 3]).floats()[12..<15])
        let error = #expect(throws: MLOpsError.self) { try session.run(["i": places([0, 5, 0])]) }
        #expect(error?.message.contains("'rows' (Gather)") == true)
        #expect(try session.run(["i": places([4, 0, -1])]) == good)
    }

    @Test func movingElementsIsLeftToReaders() throws {
        // [N, H, W, C] → [N, C, H, W] → pooling → back: nothing is moved.
        let graph = SampleGraphs.graph(
            [
                .init(
                    "Transpose", name: "first", inputs: ["x"], outputs: ["a"],
                    attributes: ["perm": .ints([0, 3, 1, 2])]),
                .init(
                    "MaxPool", name: "pool", inputs: ["a"], outputs: ["b"], attributes: ["kernel_shape": .ints([2, 2])]),
                .init(
                    "Transpose", name: "last", inputs: ["b"], outputs: ["c"], attributes: ["perm": .ints([0, 2, 3, 1])]),
                .init("Relu", name: "relu", inputs: ["c"], outputs: ["y"]),
            ], x: [-1, 6, 6, 3], y: [-1, 5, 5, 3])
        let plan = try ONNXSession(graph, compute: Compute(threads: 1)).explain(["x": [2, 6, 6, 3]])
        #expect(plan.steps.map(\.operator) == ["MaxPool", "Relu"])
    }

    @Test func aProfileHasTheTimeOfEachStepAndGoesThroughJSON() throws {
        let session = try ONNXSession(chain(3), compute: Compute(threads: 1))
        let plan = try session.profile(["x": tensor([5, 64])], times: 3)
        #expect(plan.steps.allSatisfy { ($0.seconds ?? -1) >= 0 })
        #expect(plan.description.contains("Softplus"))
        let copy = try JSONDecoder().decode(ONNXPlan.self, from: JSONEncoder().encode(plan))
        #expect(copy == plan)
    }

    @Test func concurrentRunsOfSeveralShapesGiveTheirOwnResults() async throws {
        let session = try ONNXSession(chain(5), compute: Compute(threads: 2))
        let expected = try (1...4).map { try session.run(["x": tensor([$0, 64])]) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for round in 0..<32 {
                group.addTask { try session.run(["x": self.tensor([round % 4 + 1, 64])]) == expected[round % 4] }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }
}
