internal import MLOpsCore
internal import MLOpsTensor

/// `TreeEnsembleClassifier`: the class of each row that decision trees give the greatest sum of weights, and the sums of
/// all classes. Trees that speak of one of two classes alone decide by whether the sum is above 0, or above ½ when no
/// weight is below 0.
struct TreeEnsembleClassifierOperator: Operator {
    static let name = "ai.onnx.ml.TreeEnsembleClassifier"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    static let outputCount = 1...2
    private let labels: ClassLabels
    private let trees: DecisionTrees
    private let baseValues: [Float]
    private let transform: ScoreTransform
    /// Whether the trees speak of one of two classes alone, and if so, of which.
    private let single: Int?
    private let isPositive: Bool

    init(_ node: inout NodeReader) throws {
        labels = try ClassLabels(&node, integers: "classlabels_int64s")
        let attributes = try TreeAttributes(&node, weights: "class")
        transform = try node.choice("post_transform", default: .none)
        (baseValues, isPositive) = (attributes.baseValues, attributes.isPositive)
        single = labels.count == 2 ? attributes.onlyTarget : nil
        guard baseValues.isEmpty || baseValues.count == labels.count || (labels.count == 2 && baseValues.count == 1)
        else { throw DecisionTrees.mistake("there are \(labels.count) classes and \(baseValues.count) base values") }
        var branches = attributes.branches
        if single != nil {
            for i in branches.weights.indices { branches.weights[i].target = 0 }
        }
        trees = try DecisionTrees(
            branches, roots: attributes.roots, targets: single == nil ? labels.count : 1, limits: ONNXLimits())
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType != .float64 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        let scores = try FeatureRows.infer(x, columns: labels.count, expecting: trees.features)
        return [ValueType(labels.elementType, scores.shape.map { [$0[0]] }), scores]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let rows = try FeatureRows(inputs.required(0), in: context)
        try FeatureRows.expect(trees.features, of: rows.features)
        let result = TreeRegression.Output(tensor: try context.tensor([rows.count, labels.count]))
        let places = try context.make(.int64, [rows.count], as: Int64.self) { target in
            let chosen = Chosen(target: target)
            TreeScores(trees, .sum, targets: single == nil ? labels.count : 1).run(rows, context.compute) {
                row, scores, said in
                if single == nil {
                    chosen.set(row, choose(scores, said))
                    result.set(row, scores)
                } else {
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { both in
                        chosen.set(row, decide(scores[0], both))
                        result.set(row, both)
                    }
                }
            }
        }
        return [try labels.value(of: places.integers(), in: context), Value(floats: result.tensor)]
    }

    /// Unchecked Sendable: each row is written by one task.
    private struct Chosen: @unchecked Sendable {
        let target: UnsafeMutableBufferPointer<Int64>
        func set(_ row: Int, _ place: Int) { target[row] = Int64(place) }
    }

    /// The class with the greatest score among those that a tree says anything of.
    private func choose(_ scores: UnsafeMutableBufferPointer<Float>, _ said: UnsafeMutableBufferPointer<Bool>) -> Int {
        var best = -1
        for i in scores.indices {
            if !baseValues.isEmpty { scores[i] += baseValues[baseValues.count == 1 ? 0 : i] }
            guard said[i] || baseValues.count == labels.count else { continue }
            if best < 0 || scores[i] > scores[best] { best = i }
        }
        transform.apply(scores)
        return max(best, 0)
    }

    /// Scores for both classes from a single one, and which class it speaks for; as ONNX Runtime reads the standard.
    private func decide(_ sum: Float, _ both: UnsafeMutableBufferPointer<Float>) -> Int {
        let score = sum + (baseValues.last ?? 0)
        let isSecond = score > (isPositive ? 0.5 : 0)
        if baseValues.count == 2 {
            (both[0], both[1]) = (-score, score)
            transform.apply(both)
        } else if isPositive {
            (both[0], both[1]) = (1 - score, score)
        } else if transform == .logistic {
            (both[0], both[1]) = (ScoreTransform.logistic(-score), ScoreTransform.logistic(score))
        } else {
            (both[0], both[1]) = isSecond ? (-score, score) : (score, -score)
        }
        return isSecond ? 1 : 0
    }
}
