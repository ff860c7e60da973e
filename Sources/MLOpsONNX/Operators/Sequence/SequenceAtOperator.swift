internal import MLOpsCore

/// `SequenceAt`: the tensor at a place of a sequence; negative places count from the end.
struct SequenceAtOperator: Operator {
    static let name = "SequenceAt"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let sequence: ValueType = try inputs.required(0)
        try sequence.expect(.sequence)
        try (inputs.required(1) as ValueType).expectIndices()
        return [ValueType(sequence.elementType, nil)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let values = try (inputs.required(0) as Value).sequence()
        let place = try (inputs.required(1) as Value).integer("The place")
        return [values[try Axes.places([place], extent: values.count)[0]]]
    }
}
