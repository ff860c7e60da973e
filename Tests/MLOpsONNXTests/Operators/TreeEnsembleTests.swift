import MLOpsCore
import MLOpsONNX
import MLOpsTensor
import Testing

@Suite struct TreeEnsembleTests {
    /// A tree of one condition on x₀, with changes to its attributes.
    private func session(_ changes: [String: ModelGraph.Attribute] = [:]) throws -> ONNXSession {
        let attributes: [String: ModelGraph.Attribute] = [
            "nodes_treeids": .ints([0, 0, 0]), "nodes_nodeids": .ints([0, 1, 2]),
            "nodes_featureids": .ints([0, 0, 0]), "nodes_values": .floats([0.5, 0, 0]),
            "nodes_modes": .strings(["BRANCH_LEQ", "LEAF", "LEAF"]), "nodes_truenodeids": .ints([1, 0, 0]),
            "nodes_falsenodeids": .ints([2, 0, 0]), "target_treeids": .ints([0, 0]), "target_nodeids": .ints([1, 2]),
            "target_ids": .ints([0, 0]), "target_weights": .floats([-1, 1]), "n_targets": .int(1),
        ]
        let graph = SampleGraphs.single(
            "ai.onnx.ml.TreeEnsembleRegressor", attributes.merging(changes) { $1 }, x: [-1, 2], y: [-1, 1])
        return try ONNXSession(graph, compute: Compute(threads: 2))
    }

    private func answers(_ mode: String, _ x: [Float]) throws -> [Float] {
        let session = try session(["nodes_modes": .strings([mode, "LEAF", "LEAF"])])
        let rows = try TensorValue(shape: [x.count, 2], floats: x.flatMap { [$0, 0] })
        return try session.run(["x": rows])["y"]?.floats() ?? []
    }

    @Test func everyConditionHoldsWhereItShould() throws {
        let x: [Float] = [0.4, 0.5, 0.6, .nan]
        let holds: [(String, [Float])] = [
            ("BRANCH_LEQ", [-1, -1, 1, 1]), ("BRANCH_LT", [-1, 1, 1, 1]), ("BRANCH_GTE", [1, -1, -1, 1]),
            ("BRANCH_GT", [1, 1, -1, 1]), ("BRANCH_EQ", [1, -1, 1, 1]), ("BRANCH_NEQ", [-1, 1, -1, -1]),
        ]
        for (mode, expected) in holds {
            #expect(try answers(mode, x) == expected, "\(mode)")
            // Eight rows and more are led down a tree in step: the same answers.
            let many = Array(repeatElement(x, count: 20).joined())
            #expect(try answers(mode, many) == Array(repeatElement(expected, count: 20).joined()), "\(mode)")
        }
    }

    @Test(arguments: [
        ("nodes_truenodeids", ModelGraph.Attribute.ints([0, 0, 0])), ("nodes_falsenodeids", .ints([1, 0, 0])),
        ("nodes_falsenodeids", .ints([7, 0, 0])), ("nodes_nodeids", .ints([0, 1, 1])),
        ("nodes_featureids", .ints([-1, 0, 0])), ("nodes_featureids", .ints([1 << 40, 0, 0])),
        ("target_ids", .ints([0, 5])), ("target_weights", .floats([1])), ("n_targets", .int(1 << 40)),
        ("nodes_values", .floats([1])), ("nodes_modes", .strings(["BRANCH_LEQ", "LEAF", "BRANCH"])),
        ("base_values", .floats([1, 2, 3])),
    ]) func treesThatAreNoneAreRefusedWhenTheModelIsOpened(name: String, value: ModelGraph.Attribute) throws {
        #expect(throws: MLOpsError.self) { try session([name: value]) }
    }

    @Test func rowsWithTooFewFeaturesAreRefused() throws {
        let error = #expect(throws: MLOpsError.self) { try session(["nodes_featureids": .ints([2, 0, 0])]) }
        #expect(error?.message.contains("features") == true)
    }

    @Test func treesThatShareALeafShareItsWeights() throws {
        // 40,000 branches to one leaf of 40,000 weights would be 1.6 · 10⁹ of them, were each given its own.
        let count = 40_000
        let ids = Array(0...count)
        func nodes(_ inner: Int, _ leaf: Int) -> ModelGraph.Attribute {
            .ints([Int](repeating: inner, count: count) + [leaf])
        }
        let session = try session([
            "nodes_treeids": nodes(0, 0), "nodes_nodeids": .ints(ids), "nodes_featureids": nodes(0, 0),
            "nodes_values": .floats([Float](repeating: 0.5, count: count + 1)),
            "nodes_modes": .strings([String](repeating: "BRANCH_LEQ", count: count) + ["LEAF"]),
            "nodes_truenodeids": nodes(count, 0),
            // Each branch leads to the next, the last to the leaf.
            "nodes_falsenodeids": .ints(Array(1...count) + [0]),
            "target_treeids": .ints([Int](repeating: 0, count: count)),
            "target_nodeids": .ints([Int](repeating: count, count: count)),
            "target_ids": .ints([Int](repeating: 0, count: count)),
            "target_weights": .floats([Float](repeating: 1, count: count)),
        ])
        let y = try session.run(["x": TensorValue(shape: [2, 2], floats: [0, 0, 1, 0])])["y"]?.floats()
        #expect(y == [Float(count), Float(count)])
    }
}
