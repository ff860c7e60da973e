internal import MLOpsCore

/// `SequenceErase`: a sequence without the tensor at a place, or without the last one.
struct SequenceEraseOperator: Operator {
    static let name = "SequenceErase"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...2
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let sequence: ValueType = try inputs.required(0)
        try sequence.expect(.sequence)
        try (inputs.optional(1) as ValueType?)?.expectIndices()
        return [ValueType(.sequence, sequence.elementType)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let sequence: Value = try inputs.required(0)
        var values = try sequence.sequence()
        let place = try (inputs.optional(1) as Value?)?.integer("The place") ?? -1
        values.remove(at: try Axes.places([place], extent: values.count)[0])
        return [Value(sequence: values, of: sequence.elementType)]
    }
}
