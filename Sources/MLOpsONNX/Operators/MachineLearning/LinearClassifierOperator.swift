internal import MLOpsCore
internal import MLOpsTensor

/// `LinearClassifier`: the class of each row whose linear function of the features is the greatest, and the scores of
/// all classes. With one function for two classes, the second is the one above 0.
struct LinearClassifierOperator: Operator {
    static let name = "ai.onnx.ml.LinearClassifier"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    static let outputCount = 1...2
    private let labels: ClassLabels
    private let linear: LinearScores
    private let transform: ScoreTransform

    init(_ node: inout NodeReader) throws {
        labels = try ClassLabels(&node, integers: "classlabels_ints")
        let intercepts = try node.floats("intercepts") ?? []
        linear = try LinearScores(
            coefficients: node.floats("coefficients") ?? [], intercepts: intercepts,
            count: intercepts.isEmpty ? labels.count : intercepts.count)
        transform = try node.choice("post_transform", default: .none)
        // One class against the rest or all against all: that is in the coefficients.
        _ = try node.int("multi_class")
        guard linear.count == labels.count || (linear.count == 1 && labels.count == 2) else {
            throw MLOpsError(
                .invalidArgument, "\(linear.count) functions do not tell \(labels.count) classes apart.",
                help: "Give one for each class, or one for two classes.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let scores = try FeatureRows.infer(
            inputs.required(0), columns: labels.count, expecting: linear.features)
        return [ValueType(labels.elementType, scores.shape.map { [$0[0]] }), scores]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let rows = try FeatureRows(inputs.required(0), in: context)
        let scores = try linear.scores(of: rows, in: context)
        let result = try context.tensor([rows.count, labels.count])
        var places = [Int](repeating: 0, count: rows.count)
        for row in 0..<rows.count {
            let target = UnsafeMutableBufferPointer(
                start: result.pointer + row * labels.count, count: labels.count)
            guard linear.count == labels.count else {
                let score = scores.pointer[row]
                places[row] = score > 0 ? 1 : 0
                target[1] = transform == .logistic ? ScoreTransform.logistic(score) : score
                target[0] = 1 - target[1]
                continue
            }
            for i in target.indices { target[i] = scores.pointer[row * labels.count + i] }
            places[row] = target.firstGreatest
            transform.apply(target)
        }
        return [try labels.value(of: places, in: context), Value(floats: result)]
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// The place of the greatest element, the first of equal ones; 0 when there is none.
    var firstGreatest: Int {
        var best = 0
        for i in indices where self[i] > self[best] { best = i }
        return best
    }
}
