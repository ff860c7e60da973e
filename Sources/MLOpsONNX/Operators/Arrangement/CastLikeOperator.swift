internal import MLOpsCore

/// `CastLike`: the elements as the type of another tensor's, as ``CastOperator`` does it.
struct CastLikeOperator: Operator {
    static let name = "CastLike"
    static let operatorSets = 15...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2

    init(_ node: inout NodeReader) throws {
        // Only for 8-bit floats, which are not among the types that are read.
        if node.operatorSet >= 19 { _ = try node.int("saturate") }
        if node.operatorSet >= 24 { _ = try node.string("round_mode") }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let other: ValueType = try inputs.required(1)
        _ = (try x.elementType.castable(), try other.elementType.castable())
        return [ValueType(other.elementType, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let other: Value = try inputs.required(1)
        if x.elementType == other.elementType { return [x] }
        return [
            try CastOperator.cast(
                x, x.elementType.castable(), other.elementType.castable(), to: other.elementType, in: context)
        ]
    }
}
