internal import MLOpsCore
internal import MLOpsTensor

/// `TreeEnsemble`: decision trees as lists of inner nodes and lists of leaves. Source: the ONNX standard, ai.onnx.ml 5.
struct TreeEnsembleOperator: Operator {
    static let name = "ai.onnx.ml.TreeEnsemble"
    static let operatorSets = 5...5
    static let inputCount = 1...1
    private let ensemble: TreeRegression
    private let elementType: ElementType

    /// The order in which the standard numbers modes, functions and transforms.
    private static let modes: [TreeBranch.Mode] = [
        .lessOrEqual, .less, .greaterOrEqual, .greater, .equal, .notEqual, .member,
    ]
    private static let transforms: [ScoreTransform] = [.none, .softmax, .logistic, .softmaxZero, .probit]

    init(_ node: inout NodeReader) throws {
        let nodes = try Self.nodes(&node)
        let weights = try Self.reals("leaf_weights", &node)
        let targets = try node.ints("leaf_targetids") ?? []
        guard let weights, weights.values.count == targets.count else {
            throw DecisionTrees.mistake("there are \(targets.count) targets of leaves")
        }
        elementType = weights.type
        let leaves = targets.indices.map { TreeBranch(mode: .leaf, weights: $0..<$0 + 1) }
        let count = nodes.count
        let branches = try nodes.map { node, yesIsLeaf, noIsLeaf in
            var branch = node
            for (next, isLeaf) in [(node.yes, yesIsLeaf), (node.no, noIsLeaf)] {
                guard (0..<(isLeaf ? leaves.count : count)).contains(next) else {
                    throw DecisionTrees.mistake("a branch leads to \(next)")
                }
            }
            if yesIsLeaf { branch.yes += count }
            if noIsLeaf { branch.no += count }
            return branch
        }
        let (function, transform) = (
            try node.int("aggregate_function") ?? 1, try node.int("post_transform") ?? 0
        )
        guard TreeScores.Aggregate.allCases.indices.contains(function), Self.transforms.indices.contains(transform)
        else { throw DecisionTrees.mistake("the function is \(function), the transform \(transform)") }
        ensemble = try TreeRegression(
            branches: TreeBranches(
                nodes: branches + leaves,
                weights: zip(targets, weights.values).map { .init(target: $0, weight: $1) }),
            roots: node.ints("tree_roots") ?? [], targets: node.int("n_targets") ?? 1,
            aggregate: TreeScores.Aggregate.allCases[function], baseValues: [],
            transform: Self.transforms[transform])
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        try ValueType.expectOneType(x.elementType, elementType)
        return try ensemble.infer(inputs)
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { try ensemble.run(inputs, in: context) }

    private static func nodes(
        _ node: inout NodeReader
    ) throws -> [(node: TreeBranch, yesIsLeaf: Bool, noIsLeaf: Bool)] {
        let (yes, no) = (try node.ints("nodes_truenodeids") ?? [], try node.ints("nodes_falsenodeids") ?? [])
        let yesLeaf = try node.ints("nodes_trueleafs") ?? []
        let noLeaf = try node.ints("nodes_falseleafs") ?? []
        let features = try node.ints("nodes_featureids") ?? []
        let missing = try node.ints("nodes_missing_value_tracks_true") ?? []
        let values = try reals("nodes_splits", &node)?.values ?? []
        let numbers = try node.tensor("nodes_modes")
        let members = try reals("membership_values", &node)?.values ?? []
        // How often each node was passed in training; nothing follows from it.
        _ = try node.tensor("nodes_hitrates")
        var sets = members.split(whereSeparator: \.isNaN).map(Array.init).reversed().map { $0 }
        guard let numbers, numbers.elementType == .uint8 else {
            throw DecisionTrees.mistake("'nodes_modes' is missing")
        }
        let count = numbers.elementCount
        let lengths = [yes, no, yesLeaf, noLeaf, features].map(\.count) + [values.count]
        guard lengths.allSatisfy({ $0 == count }), missing.isEmpty || missing.count == count else {
            throw DecisionTrees.mistake("the lists of nodes have the lengths \([count] + lengths)")
        }
        return try (0..<count).map { index in
            guard modes.indices.contains(Int(numbers.bytes[index])) else {
                throw DecisionTrees.mistake("a node has the mode \(numbers.bytes[index])")
            }
            var branch = TreeBranch(
                mode: modes[Int(numbers.bytes[index])], feature: features[index], value: values[index],
                yes: yes[index], no: no[index], missingIsYes: missing.isEmpty ? false : missing[index] != 0)
            if branch.mode == .member { branch.members = sets.popLast() ?? [] }
            return (branch, yesLeaf[index] != 0, noLeaf[index] != 0)
        }
    }

    /// Numbers of 32 bits; thresholds of 64 bits would be other ones when rounded.
    private static func reals(
        _ name: String, _ node: inout NodeReader
    ) throws -> (values: [Float], type: ElementType)? {
        guard let tensor = try node.tensor(name) else { return nil }
        switch tensor.elementType {
        case .float32: return (try tensor.floats(), .float32)
        default:
            throw MLOpsError(
                .unsupported, "'\(name)' is of the type \(tensor.elementType.rawValue).",
                help: "Export the model with 32-bit floats.")
        }
    }
}
