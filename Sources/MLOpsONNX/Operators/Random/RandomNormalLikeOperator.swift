internal import MLOpsCore

/// `RandomNormalLike`: numbers of a normal distribution, in the shape of another tensor.
struct RandomNormalLikeOperator: Operator {
    static let name = "RandomNormalLike"
    static let inputCount = 1...1
    let isRepeatable = false
    private let distribution: RandomDistribution

    init(_ node: inout NodeReader) throws { distribution = try RandomDistribution(&node, .normal) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let type = distribution.elementType ?? x.elementType
        _ = try type.real()
        return [ValueType(type, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try distribution.tensor(x.shape, distribution.elementType ?? x.elementType, in: context)]
    }
}
