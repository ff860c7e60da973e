internal import MLOpsCore

/// `SequenceLength`: how many tensors a sequence has.
struct SequenceLengthOperator: Operator {
    static let name = "SequenceLength"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        try (inputs.required(0) as ValueType).expect(.sequence)
        return [ValueType(.int64, [])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        [try context.integers([(inputs.required(0) as Value).sequence().count]).reshaped([])]
    }
}
