internal import MLOpsCore

/// Reads the trees of `TreeEnsembleClassifier` and `TreeEnsembleRegressor`: lists in which each position is a node, or
/// a weight of a leaf. Source: the ONNX standard, ai.onnx.ml 1 to 5.
struct TreeAttributes {
    /// The nodes, with positions in this list for what follows.
    private(set) var branches: TreeBranches
    /// The first node of each tree.
    private(set) var roots: [Int] = []
    /// The base values; empty or one for each target, or one for all.
    let baseValues: [Float]
    /// Whether no weight is below 0.
    let isPositive: Bool
    /// The target that all leaves add to; `nil` when there are more.
    let onlyTarget: Int?

    /// Reads the attributes; those of the weights begin with a word, `class` or `target`.
    init(_ node: inout NodeReader, weights what: String) throws {
        func ints(_ name: String, _ node: inout NodeReader) throws -> [Int] { try node.ints(name) ?? [] }
        let (trees, ids) = (try ints("nodes_treeids", &node), try ints("nodes_nodeids", &node))
        let (yes, no) = (try ints("nodes_truenodeids", &node), try ints("nodes_falsenodeids", &node))
        let features = try ints("nodes_featureids", &node)
        let missing = try ints("nodes_missing_value_tracks_true", &node)
        let modes = try node.strings("nodes_modes") ?? []
        let values = try Self.floats("nodes_values", &node)
        baseValues = try Self.floats("base_values", &node)
        // How often each node was passed in training; nothing follows from it.
        _ = try Self.floats("nodes_hitrates", &node)
        let count = ids.count
        let lengths = [trees, yes, no, features].map(\.count) + [modes.count, values.count]
        guard lengths.allSatisfy({ $0 == count }), missing.isEmpty || missing.count == count, count >= 1 else {
            throw DecisionTrees.mistake("the lists of nodes have the lengths \([count] + lengths)")
        }
        let places = try TreePlaces(trees: trees, nodes: ids)
        var nodes = try (0..<count).map { index in
            guard let mode = TreeBranch.Mode(named: modes[index]), mode != .member else {
                throw DecisionTrees.mistake("a node has the mode '\(modes[index])'")
            }
            var branch = TreeBranch(mode: mode, feature: features[index], value: values[index])
            if mode == .leaf { return branch }
            branch.yes = places.place(of: yes[index], in: trees[index], near: index) ?? -1
            branch.no = places.place(of: no[index], in: trees[index], near: index) ?? -1
            branch.missingIsYes = missing.isEmpty ? false : missing[index] != 0
            return branch
        }
        let weights = try Self.floats("\(what)_weights", &node)
        let (owners, leaves) = (try ints("\(what)_treeids", &node), try ints("\(what)_nodeids", &node))
        let targets = try ints("\(what)_ids", &node)
        guard [owners.count, leaves.count, targets.count].allSatisfy({ $0 == weights.count }) else {
            throw DecisionTrees.mistake("there are \(weights.count) weights for \(targets.count) targets")
        }
        branches = TreeBranches(nodes: [], weights: [])
        // The place of each weight's leaf; −1 for that of an inner node, which means nothing.
        var last = 0
        let owned = weights.indices.map { index in
            guard let place = places.place(of: leaves[index], in: owners[index], near: last),
                nodes[place].mode == .leaf
            else { return -1 }
            last = place
            return place
        }
        branches.weights = Self.sort(owned, &nodes).map { .init(target: targets[$0], weight: weights[$0]) }
        isPositive = weights.allSatisfy { $0 >= 0 }
        onlyTarget = targets.allSatisfy { $0 == targets[0] } ? targets.first : nil
        // A tree begins with the node that no branch of it leads to.
        var isFollowed = [Bool](repeating: false, count: count)
        for branch in nodes where branch.mode != .leaf {
            if branch.yes >= 0 { isFollowed[branch.yes] = true }
            if branch.no >= 0 { isFollowed[branch.no] = true }
        }
        branches.nodes = nodes
        roots = nodes.indices.filter { !isFollowed[$0] }
        guard roots.count == places.treeCount else {
            throw DecisionTrees.mistake("\(places.treeCount) trees have \(roots.count) first nodes")
        }
    }

    /// Gives each leaf a range of the weights, and the order that puts them there: each leaf's in the order that they
    /// came.
    private static func sort(_ owners: [Int], _ nodes: inout [TreeBranch]) -> [Int] {
        var ends = [Int](repeating: 0, count: nodes.count)
        for owner in owners where owner >= 0 { ends[owner] += 1 }
        var start = 0
        for place in nodes.indices {
            nodes[place].weights = start..<start + ends[place]
            (start, ends[place]) = (start + ends[place], start)
        }
        var order = [Int](repeating: 0, count: start)
        for (index, owner) in owners.enumerated() where owner >= 0 {
            order[ends[owner]] = index
            ends[owner] += 1
        }
        return order
    }

    private static func floats(_ name: String, _ node: inout NodeReader) throws -> [Float] {
        let list = try node.floats(name)
        guard let tensor = try node.tensor("\(name)_as_tensor") else { return list ?? [] }
        // Thresholds of 64 bits would be other ones when rounded.
        guard list == nil, tensor.elementType == .float32 else {
            throw MLOpsError(
                .unsupported, "'\(name)_as_tensor' is of the type \(tensor.elementType.rawValue).",
                help: "Export the model with 32-bit floats.")
        }
        return try tensor.floats()
    }
}
