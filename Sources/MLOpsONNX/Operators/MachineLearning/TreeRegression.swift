internal import MLOpsCore
internal import MLOpsTensor

/// Decision trees that make numbers: what the two operators for them share.
struct TreeRegression: Sendable {
    private let trees: DecisionTrees
    private let targets: Int
    private let aggregate: TreeScores.Aggregate
    private let baseValues: [Float]
    private let transform: ScoreTransform

    /// Makes the trees ready; throws `invalidArgument` when they are not valid.
    init(
        branches: TreeBranches, roots: [Int], targets: Int, aggregate: TreeScores.Aggregate, baseValues: [Float],
        transform: ScoreTransform
    ) throws {
        guard (1...(1 << 16)).contains(targets), baseValues.count <= 1 || baseValues.count == targets else {
            throw DecisionTrees.mistake("there are \(targets) targets and \(baseValues.count) base values")
        }
        trees = try DecisionTrees(branches, roots: roots, targets: targets, limits: ONNXLimits())
        (self.targets, self.aggregate, self.transform) = (targets, aggregate, transform)
        self.baseValues = baseValues
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType != .float64 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [try FeatureRows.infer(x, columns: targets, expecting: trees.features)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let rows = try FeatureRows(inputs.required(0), in: context)
        try FeatureRows.expect(trees.features, of: rows.features)
        let result = Output(tensor: try context.tensor([rows.count, targets]))
        TreeScores(trees, aggregate, targets: targets).run(rows, context.compute) { row, scores, _ in
            for i in scores.indices where !baseValues.isEmpty {
                scores[i] += baseValues[baseValues.count == 1 ? 0 : i]
            }
            transform.apply(scores)
            result.set(row, scores)
        }
        return [Value(floats: result.tensor)]
    }

    /// Unchecked Sendable: each row is written by one task.
    struct Output: @unchecked Sendable {
        let tensor: Tensor

        /// Writes a row.
        func set(_ row: Int, _ scores: UnsafeMutableBufferPointer<Float>) {
            for i in scores.indices { tensor.pointer[row * scores.count + i] = scores[i] }
        }
    }
}
