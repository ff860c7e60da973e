internal import MLOpsCore
internal import MLOpsTensor

/// `SVMClassifier`: the class of each row by the votes of one machine for each pair of classes, and either the
/// probabilities of the classes or the scores of the machines; without support vectors, a linear classifier.
struct SVMClassifierOperator: Operator {
    static let name = "ai.onnx.ml.SVMClassifier"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    static let outputCount = 1...2
    private let labels: ClassLabels
    private let machine: Machine
    private let transform: ScoreTransform

    private enum Machine: Sendable {
        case pairs(SupportVectorPairs)
        case linear(LinearScores)

        var features: Int {
            switch self {
            case .pairs(let pairs): pairs.features
            case .linear(let linear): linear.features
            }
        }
    }

    init(_ node: inout NodeReader) throws {
        labels = try ClassLabels(&node, integers: "classlabels_ints")
        transform = try node.choice("post_transform", default: .none)
        let pairs = try SupportVectorPairs(&node, classes: labels.count)
        if let pairs {
            machine = .pairs(pairs)
        } else {
            let rho = try node.floats("rho") ?? []
            guard let offset = rho.first else {
                throw MLOpsError(.invalidArgument, "'rho' is empty.", help: "Give the offset.")
            }
            machine = .linear(
                try LinearScores(
                    coefficients: node.floats("coefficients") ?? [],
                    intercepts: [Float](repeating: offset, count: labels.count), count: labels.count))
        }
    }

    /// The number of scores: one for each class, or for each pair of more than two.
    private var columns: Int {
        if case .pairs(let pairs) = machine, !pairs.givesProbabilities, labels.count > 2 { return pairs.count }
        return labels.count
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let scores = try FeatureRows.infer(inputs.required(0), columns: columns, expecting: machine.features)
        return [ValueType(labels.elementType, scores.shape.map { [$0[0]] }), scores]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let rows = try FeatureRows(inputs.required(0), in: context)
        try FeatureRows.expect(machine.features, of: rows.features)
        let result = try context.tensor([rows.count, columns])
        var places = [Int](repeating: 0, count: rows.count)
        let linear: Tensor? =
            if case .linear(let linear) = machine { try linear.scores(of: rows, in: context) } else { nil }
        for row in 0..<rows.count {
            let target = UnsafeMutableBufferPointer(start: result.pointer + row * columns, count: columns)
            switch machine {
            case .linear:
                for i in target.indices { target[i] = linear?.pointer[row * columns + i] ?? 0 }
                places[row] = target.firstGreatest
            case .pairs(let pairs):
                let (scores, votes) = pairs.scores(of: rows.row(row))
                places[row] = votes.indices.reduce(0) { votes[$1] > votes[$0] ? $1 : $0 }
                if pairs.givesProbabilities {
                    for (i, p) in pairs.probabilities(scores).enumerated() { target[i] = p }
                } else if labels.count == 2 {
                    // One machine speaks for both classes.
                    target[1] = scores[0]
                    target[0] = transform == .none ? -scores[0] : 1 - scores[0]
                    continue
                } else {
                    for (i, score) in scores.enumerated() { target[i] = score }
                }
            }
            transform.apply(target)
        }
        return [try labels.value(of: places, in: context), Value(floats: result)]
    }
}
