internal import MLOpsCore
internal import MLOpsTensor

/// `SoftmaxCrossEntropyLoss`: how improbable the wanted classes are by scores [N, C, …], and the log-probabilities.
struct SoftmaxCrossEntropyLossOperator: Operator {
    static let name = "SoftmaxCrossEntropyLoss"
    static let operatorSets = 12...ONNXDocument.latestOperatorSet
    static let inputCount = 2...3
    static let outputCount = 1...2
    private let loss: ClassLoss

    init(_ node: inout NodeReader) throws { loss = try ClassLoss(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let scores: ValueType = try inputs.required(0)
        return [try loss.infer(inputs), scores.reshaped(scores.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let scores = try (inputs.required(0) as Value).floats()
        guard scores.shape.count >= 2 else {
            throw MLOpsError(
                .invalidArgument, "The scores have the shape \(scores.shape).", help: "Give scores [N, C, …].")
        }
        let (classes, inner) = (scores.shape[1], scores.shape[2...].reduce(1, *))
        let logarithms = try context.tensor(scores.shape)
        for row in 0..<(scores.count == 0 ? 0 : scores.shape[0] * inner) {
            let start = row / inner * classes * inner + row % inner
            LogSoftmaxOperator.apply(
                scores.pointer + start, count: classes, step: inner, into: logarithms.pointer + start)
        }
        return [
            try loss.loss(logarithms, inputs.required(1), weights: inputs.optional(2), in: context),
            Value(floats: logarithms),
        ]
    }
}
