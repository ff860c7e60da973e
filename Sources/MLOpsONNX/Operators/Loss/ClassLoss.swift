internal import MLOpsCore
internal import MLOpsTensor

/// What the losses of classes share: −weight · log-probability at the wanted class of each place, then joined.
struct ClassLoss: Sendable {
    private enum Reduction: String { case none, mean, sum }

    private let reduction: Reduction
    private let ignored: Int?

    init(_ node: inout NodeReader) throws {
        let name = try node.string("reduction") ?? "mean"
        guard let reduction = Reduction(rawValue: name) else {
            throw MLOpsError(
                .invalidArgument, "The attribute 'reduction' is '\(name)'.", help: "Give 'none', 'mean' or 'sum'.")
        }
        self.reduction = reduction
        ignored = try node.int("ignore_index")
    }

    /// What is known of the loss, given the scores [N, C, …] and the labels [N, …].
    func infer(_ inputs: [ValueType?]) throws -> ValueType {
        let scores: ValueType = try inputs.required(0)
        let labels: ValueType = try inputs.required(1)
        for type in [scores, inputs.optional(2)].compactMap({ $0?.elementType }) where type != .float32 {
            throw MLOpsError.unsupported(type, instead: "FP32")
        }
        try labels.expectIndices()
        return scores.reshaped(reduction == .none ? labels.shape : [])
    }

    /// The loss of log-probabilities [N, C, …] for labels [N, …], with a weight for each class or none.
    func loss(_ scores: Tensor, _ labels: Value, weights: Value?, in context: RunContext) throws -> Value {
        let shape = scores.shape
        guard shape.count >= 2, labels.shape == [shape[0]] + shape[2...] else {
            throw MLOpsError(
                .invalidArgument, "Scores \(shape) have no class for each of the labels \(labels.shape).",
                help: "Give scores [N, C, …] and labels [N, …].")
        }
        let (classes, inner) = (shape[1], shape[2...].reduce(1, *))
        let wanted = try labels.integers()
        let weights = try weights?.floats().values
        guard weights.map({ $0.count == classes }) ?? true else {
            throw MLOpsError(
                .invalidArgument, "There are \(weights?.count ?? 0) weights for \(classes) classes.",
                help: "Give a weight for each class.")
        }
        let each = try context.tensor(labels.shape)
        var (sum, total) = (0.0, 0.0)
        for (place, label) in wanted.enumerated() where label != ignored {
            guard (0..<classes).contains(label) else {
                throw MLOpsError(
                    .invalidArgument, "The label \(label) is not one of \(classes) classes.",
                    help: "Give labels from 0, or name the one to leave out in 'ignore_index'.")
            }
            let weight = weights?[label] ?? 1
            let position = (place / inner * classes + label) * inner + place % inner
            each.pointer[place] = -weight * scores.pointer[position]
            sum += Double(each.pointer[place])
            total += Double(weight)
        }
        if reduction == .none { return Value(floats: each) }
        let result = try context.tensor([])
        result.pointer[0] = Float(reduction == .sum ? sum : sum / total)
        return Value(floats: result)
    }
}
