internal import MLOpsCore

/// `SequenceConstruct`: tensors of one type as a sequence.
struct SequenceConstructOperator: Operator {
    static let name = "SequenceConstruct"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...Int.max
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let all: [ValueType] = try inputs.indices.map { try inputs.required($0) }
        for type in all { try ValueType.expectOneType(type.elementType, all[0].elementType) }
        try all.forEach { try $0.expect(.tensor) }
        return [ValueType(.sequence, all[0].elementType)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let all: [Value] = try inputs.indices.map { try inputs.required($0) }
        return [Value(sequence: all, of: all[0].elementType)]
    }
}
