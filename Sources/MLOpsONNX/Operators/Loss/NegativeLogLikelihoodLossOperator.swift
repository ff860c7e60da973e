internal import MLOpsCore

/// `NegativeLogLikelihoodLoss`: how improbable the wanted classes are by log-probabilities [N, C, …].
struct NegativeLogLikelihoodLossOperator: Operator {
    static let name = "NegativeLogLikelihoodLoss"
    static let operatorSets = 12...ONNXDocument.latestOperatorSet
    static let inputCount = 2...3
    private let loss: ClassLoss

    init(_ node: inout NodeReader) throws { loss = try ClassLoss(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { [try loss.infer(inputs)] }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let scores = try (inputs.required(0) as Value).floats()
        return [try loss.loss(scores, inputs.required(1), weights: inputs.optional(2), in: context)]
    }
}
