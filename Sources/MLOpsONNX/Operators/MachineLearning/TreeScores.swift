internal import MLOpsCore
internal import MLOpsTensor

/// What trees say of the rows of one block: a sum, minimum or maximum for each target, taken in the order of the trees.
struct TreeScores {
    /// How the trees' weights for a target become one. Source: the ONNX standard, ai.onnx.ml, `aggregate_function`.
    enum Aggregate: String, CaseIterable { case average = "AVERAGE", sum = "SUM", min = "MIN", max = "MAX" }

    /// Rows that are led down a tree in step.
    private static let lanes = 8
    /// Rows of a block: their features stay in the cache while all trees are run on them.
    static let blockRows = 64

    private let trees: DecisionTrees
    private let aggregate: Aggregate
    private let targets: Int

    /// Prepares for trees.
    init(_ trees: DecisionTrees, _ aggregate: Aggregate, targets: Int) {
        (self.trees, self.aggregate, self.targets) = (trees, aggregate, targets)
    }

    /// Runs the trees on rows, in blocks on all threads, and hands over the scores of each row for finishing.
    ///
    /// - Parameter finish: is given the row, its scores [targets], and for each whether a tree says anything of it.
    func run(
        _ rows: FeatureRows, _ compute: Compute,
        finish: (_ row: Int, UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Bool>) -> Void
    ) {
        let blocks = (rows.count + Self.blockRows - 1) / Self.blockRows
        compute.parallel(tasks: blocks) { block in
            let first = block * Self.blockRows
            let count = min(Self.blockRows, rows.count - first)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: count * targets) { scores in
                withUnsafeTemporaryAllocation(of: Bool.self, capacity: count * targets) { said in
                    scores.initialize(repeating: 0)
                    said.initialize(repeating: false)
                    add(rows.row(first), count: count, features: rows.features, scores, said)
                    for row in 0..<count {
                        let range = row * targets..<(row + 1) * targets
                        let (own, has) = (scores[range], said[range])
                        if aggregate == .average { for i in own.indices { scores[i] /= Float(trees.roots.count) } }
                        finish(
                            first + row, UnsafeMutableBufferPointer(rebasing: own),
                            UnsafeMutableBufferPointer(rebasing: has))
                    }
                }
            }
        }
    }

    private func add(
        _ x: UnsafePointer<Float>, count: Int, features: Int, _ scores: UnsafeMutableBufferPointer<Float>,
        _ said: UnsafeMutableBufferPointer<Bool>
    ) {
        var hasMissing = false
        for i in 0..<count * features where x[i].isNaN { hasMissing = true }
        // A NaN follows `no` by itself; and without rules there is nothing to look up.
        let isPlain = trees.rules.isEmpty || (!hasMissing && !trees.hasEqual)
        trees.nodes.withUnsafeBufferPointer { nodes in
            guard let nodes = nodes.baseAddress else { return }
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.lanes) { lanes in
                for (root, depth) in trees.roots {
                    var row = 0
                    while row < count {
                        let width = min(Self.lanes, count - row)
                        lanes.initialize(repeating: Int32(root))
                        if isPlain, width == Self.lanes {
                            Self.descend(nodes, x + row * features, features, lanes, depth)
                        } else {
                            for lane in 0..<width {
                                lanes[lane] = Int32(walk(nodes, x + (row + lane) * features, root, depth))
                            }
                        }
                        for lane in 0..<width { take(nodes, Int(lanes[lane]), row + lane, scores, said) }
                        row += width
                    }
                }
            }
        }
    }

    /// Leads rows down a tree in step, so that the processor waits for several nodes at once.
    @inline(__always) private static func descend(
        _ nodes: UnsafePointer<TreeNode>, _ x: UnsafePointer<Float>, _ features: Int,
        _ lanes: UnsafeMutableBufferPointer<Int32>, _ depth: Int
    ) {
        for _ in 0..<depth {
            for lane in 0..<Self.lanes {
                let node = nodes[Int(lanes[lane])]
                let value = x[lane * features + Int(node.feature)]
                lanes[lane] = value <= node.threshold ? node.yes : node.no
            }
        }
    }

    /// The leaf of a row, with every rule.
    private func walk(_ nodes: UnsafePointer<TreeNode>, _ x: UnsafePointer<Float>, _ root: Int, _ depth: Int) -> Int {
        var place = root
        for _ in 0..<depth {
            let node = nodes[place]
            let value = x[Int(node.feature)]
            let rule = trees.rules.isEmpty ? [] : trees.rules[place]
            let holds =
                value.isNaN
                ? rule.contains(.missingIsYes)
                : rule.contains(.isEqual) ? value == node.threshold : value <= node.threshold
            place = Int(holds ? node.yes : node.no)
        }
        return place
    }

    @inline(__always) private func take(
        _ nodes: UnsafePointer<TreeNode>, _ leaf: Int, _ row: Int, _ scores: UnsafeMutableBufferPointer<Float>,
        _ said: UnsafeMutableBufferPointer<Bool>
    ) {
        if trees.isSingle, targets == 1, aggregate == .sum || aggregate == .average {
            scores[row] += nodes[leaf].threshold
            said[row] = true
            return
        }
        for index in trees.leaves[leaf] {
            let (target, weight) = trees.weights[Int(index)]
            let place = row * targets + Int(target)
            switch aggregate {
            case .sum, .average: scores[place] += weight
            case .min: scores[place] = said[place] ? Swift.min(scores[place], weight) : weight
            case .max: scores[place] = said[place] ? Swift.max(scores[place], weight) : weight
            }
            said[place] = true
        }
    }
}
