internal import MLOpsCore
internal import MLOpsTensor

/// `TreeEnsembleRegressor`: for each row and target the sum, average, minimum or maximum of what decision trees say.
struct TreeEnsembleRegressorOperator: Operator {
    static let name = "ai.onnx.ml.TreeEnsembleRegressor"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    private let ensemble: TreeRegression

    init(_ node: inout NodeReader) throws {
        let attributes = try TreeAttributes(&node, weights: "target")
        ensemble = try TreeRegression(
            branches: attributes.branches, roots: attributes.roots, targets: node.int("n_targets") ?? 1,
            aggregate: node.choice("aggregate_function", default: .sum), baseValues: attributes.baseValues,
            transform: node.choice("post_transform", default: .none))
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { try ensemble.infer(inputs) }
    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { try ensemble.run(inputs, in: context) }
}
