internal import MLOpsCore

/// Decision trees made ready to run: the nodes of all trees in one array, each tree in the order of its levels.
struct DecisionTrees: Sendable {
    /// The trees, by their first node and their depth.
    private(set) var roots: [(node: Int, depth: Int)] = []
    private(set) var nodes: [TreeNode] = []
    /// For each node what is special about it; empty when nothing is about any.
    private(set) var rules: [TreeRule] = []
    /// Whether a node asks for equality.
    private(set) var hasEqual = false
    /// For each node the weights of the leaf, as a range of ``weights``; branches may share a leaf.
    private(set) var leaves: [Range<Int32>] = []
    /// What leaves add to which target.
    private(set) var weights: [(target: Int32, weight: Float)] = []
    /// The number of features that a row must have.
    private(set) var features = 0
    /// Whether every leaf has one weight, for target 0, which then is its threshold.
    private(set) var isSingle = true

    /// Makes trees ready, given where each begins.
    ///
    /// - Throws: `invalidArgument` when a branch leads nowhere, or twice to the same, `limitExceeded`.
    init(_ branches: TreeBranches, roots: [Int], targets: Int, limits: ONNXLimits) throws {
        let stated = branches.nodes
        try limits.check(
            stated.reduce(branches.weights.count) { $0 &+ $1.members.count }, \.elementCount,
            of: "the number of weights and members of the trees")
        var used = [Bool](repeating: false, count: stated.count)
        var shared = [Range<Int32>?](repeating: nil, count: stated.count)
        // Most trees have each node once.
        nodes.reserveCapacity(stated.count)
        rules.reserveCapacity(stated.count)
        leaves.reserveCapacity(stated.count)
        weights.reserveCapacity(branches.weights.count)
        var queue: [Step] = []
        for root in roots {
            let start = nodes.count
            queue.removeAll(keepingCapacity: true)
            queue.append(Step(source: root, place: place()))
            var (next, depth, chains) = (0, -1, 0)
            while next < queue.count {
                depth += 1
                for step in queue[next...].indices {
                    let source = queue[step].source
                    guard stated.indices.contains(source) else {
                        throw Self.mistake("a branch leads to \(source), and there are \(stated.count) nodes")
                    }
                    next += 1
                    if stated[source].mode == .leaf {
                        shared[source] = try set(
                            queue[step].place, leaf: branches.weights[stated[source].weights], targets: targets,
                            shared: shared[source])
                        continue
                    }
                    guard !used[source] else { throw Self.mistake("two branches lead to the node \(source)") }
                    used[source] = true
                    try set(queue[step].place, branch: stated[source], &queue)
                    chains += max(stated[source].members.count - 1, 0)
                }
                guard nodes.count > limits.elementCount else { continue }
                try limits.check(nodes.count, \.elementCount, of: "the number of nodes of the trees")
            }
            // No way down is longer than the levels and all chains of members together.
            self.roots.append((start, depth + chains))
        }
        guard zip(stated, used).allSatisfy({ $0.mode == .leaf || $1 }) else {
            throw Self.mistake("no branch leads to some of the nodes")
        }
        if rules.allSatisfy(\.isEmpty) { rules = [] }
        hasEqual = rules.contains { $0.contains(.isEqual) }
    }

    /// A node as the file states it, and where it goes.
    private struct Step { let source: Int, place: Int }

    private mutating func place() -> Int {
        nodes.append(TreeNode(threshold: 0, feature: 0, yes: 0, no: 0))
        rules.append([])
        leaves.append(0..<0)
        return nodes.count - 1
    }

    /// Sets a leaf; gives where its weights are, so that the next branch to it can share them.
    private mutating func set(
        _ place: Int, leaf: ArraySlice<TreeBranches.Weight>, targets: Int, shared: Range<Int32>?
    ) throws -> Range<Int32> {
        guard leaf.allSatisfy({ (0..<targets).contains($0.target) }) else {
            throw Self.mistake("a leaf adds to the targets \(leaf.map(\.target)), and there are \(targets)")
        }
        nodes[place] = TreeNode(
            threshold: leaf.first?.weight ?? 0, feature: 0, yes: Int32(place), no: Int32(place))
        if leaf.count != 1 || leaf.first?.target != 0 { isSingle = false }
        let first = weights.count
        if shared == nil { for weight in leaf { weights.append((Int32(weight.target), weight.weight)) } }
        let range = shared ?? Int32(first)..<Int32(weights.count)
        leaves[place] = range
        return range
    }

    /// Sets a node, or those that stand for one of another kind, and adds what follows with its places.
    private mutating func set(_ place: Int, branch: TreeBranch, _ queue: inout [Step]) throws {
        guard (0..<(1 << 30)).contains(branch.feature) else {
            throw Self.mistake("a node asks for the feature \(branch.feature)")
        }
        features = max(features, branch.feature + 1)
        var (threshold, yes, no) = (branch.value, branch.yes, branch.no)
        // Every condition becomes "not above" or "equal"; one that is turned around has its branches exchanged.
        var rule: TreeRule = branch.mode == .equal || branch.mode == .notEqual ? .isEqual : []
        let isTurned = [.greaterOrEqual, .greater, .notEqual].contains(branch.mode)
        if isTurned { swap(&yes, &no) }
        if branch.mode == .less || branch.mode == .greaterOrEqual { threshold = threshold.nextDown }
        // A NaN is in no comparison but "not equal", and follows `no` unless it is told to follow `yes`.
        let missingIsYes = branch.missingIsYes || branch.mode == .notEqual
        if missingIsYes != isTurned { rule.insert(.missingIsYes) }
        if branch.mode == .member { return try set(place, members: branch, &queue) }
        let (first, second) = (self.place(), self.place())
        nodes[place] = TreeNode(
            threshold: threshold, feature: Int32(branch.feature), yes: Int32(first), no: Int32(second))
        rules[place] = rule
        queue.append(Step(source: yes, place: first))
        queue.append(Step(source: no, place: second))
    }

    /// Whether a feature is one of several: a chain of nodes that compare with each, and share what follows.
    private mutating func set(_ place: Int, members branch: TreeBranch, _ queue: inout [Step]) throws {
        guard !branch.members.isEmpty else { throw Self.mistake("a node asks for one of no members") }
        let (yes, no) = (self.place(), self.place())
        var current = place
        for (index, member) in branch.members.enumerated() {
            let next = index == branch.members.count - 1 ? no : self.place()
            nodes[current] = TreeNode(
                threshold: member, feature: Int32(branch.feature), yes: Int32(yes), no: Int32(next))
            rules[current] = branch.missingIsYes ? [.isEqual, .missingIsYes] : .isEqual
            current = next
        }
        queue.append(Step(source: branch.yes, place: yes))
        queue.append(Step(source: branch.no, place: no))
    }

    static func mistake(_ what: String) -> MLOpsError {
        MLOpsError(.invalidArgument, "The trees are not valid: \(what).", help: "Export the model again.")
    }
}
