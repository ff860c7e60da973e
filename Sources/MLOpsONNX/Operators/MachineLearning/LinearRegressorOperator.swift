internal import MLOpsCore
internal import MLOpsTensor

/// `LinearRegressor`: linear functions of the features of each row.
struct LinearRegressorOperator: Operator {
    static let name = "ai.onnx.ml.LinearRegressor"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    private let linear: LinearScores
    private let transform: ScoreTransform

    init(_ node: inout NodeReader) throws {
        linear = try LinearScores(
            coefficients: node.floats("coefficients") ?? [], intercepts: node.floats("intercepts") ?? [],
            count: node.int("targets") ?? 1)
        transform = try node.choice("post_transform", default: .none)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        [try FeatureRows.infer(inputs.required(0), columns: linear.count, expecting: linear.features)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let scores = try linear.scores(of: FeatureRows(inputs.required(0), in: context), in: context)
        for row in 0..<scores.shape[0] {
            transform.apply(
                UnsafeMutableBufferPointer(start: scores.pointer + row * linear.count, count: linear.count))
        }
        return [Value(floats: scores)]
    }
}
