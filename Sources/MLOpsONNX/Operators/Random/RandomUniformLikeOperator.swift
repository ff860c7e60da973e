internal import MLOpsCore

/// `RandomUniformLike`: numbers that are anywhere in a range with the same chance, in the shape of another tensor.
struct RandomUniformLikeOperator: Operator {
    static let name = "RandomUniformLike"
    static let inputCount = 1...1
    let isRepeatable = false
    private let distribution: RandomDistribution

    init(_ node: inout NodeReader) throws { distribution = try RandomDistribution(&node, .uniform) }

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
