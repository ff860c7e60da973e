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

    @Test func aLeafThatBranchesShareIsKeptOnce() throws {
        // A chain of n conditions that all end at one leaf of n weights: n² of them, were they copied.
        let n = 30_000
        let leaf = n
        let chain: [Int] = (0..<leaf).map { $0 }
        func same(_ value: Int, _ count: Int) -> ModelGraph.Attribute {
            .ints([Int](repeating: value, count: count))
        }
        let values: [Float] = chain.map { -Float($0) } + [0]
        let modes: [String] = [String](repeating: "BRANCH_LEQ", count: n) + ["LEAF"]
        let yes: [Int] = chain.map { $0 + 1 } + [0]
        let no: [Int] = [Int](repeating: leaf, count: n) + [0]
        var changes: [String: ModelGraph.Attribute] = [:]
        changes["nodes_treeids"] = same(0, n + 1)
        changes["nodes_nodeids"] = .ints(chain + [leaf])
        changes["nodes_featureids"] = same(0, n + 1)
        changes["nodes_values"] = .floats(values)
        changes["nodes_modes"] = .strings(modes)
        changes["nodes_truenodeids"] = .ints(yes)
        changes["nodes_falsenodeids"] = .ints(no)
        changes["target_treeids"] = same(0, n)
        changes["target_nodeids"] = same(leaf, n)
        changes["target_ids"] = same(0, n)
        changes["target_weights"] = .floats([Float](repeating: 1, count: n))
        let session = try session(changes)
        #expect(try session.run(["x": TensorValue(shape: [1, 2], floats: [1, 0])])["y"]?.floats() == [Float(n)])
    }
}
