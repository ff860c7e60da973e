internal import MLOpsCore

/// `SequenceInsert`: a sequence with one more tensor, at a place or the end.
struct SequenceInsertOperator: Operator {
    static let name = "SequenceInsert"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 2...3
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let sequence: ValueType = try inputs.required(0)
        let tensor: ValueType = try inputs.required(1)
        try sequence.expect(.sequence)
        try tensor.expect(.tensor)
        try ValueType.expectOneType(sequence.elementType, tensor.elementType)
        try (inputs.optional(2) as ValueType?)?.expectIndices()
        return [ValueType(.sequence, sequence.elementType)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let sequence: Value = try inputs.required(0)
        var values = try sequence.sequence()
        let place = try (inputs.optional(2) as Value?)?.integer("The place") ?? values.count
        // One place more than there are tensors.
        let index = place == values.count ? place : try Axes.places([place], extent: values.count)[0]
        values.insert(try inputs.required(1), at: index)
        let elements = values.reduce(0) { $0.addingReportingOverflow($1.count).partialValue }
        try context.limits.elementCount(of: [elements], in: "a sequence")
        try context.limits.check(values.count, \.nodeCount, of: "the length of a sequence")
        return [Value(sequence: values, of: sequence.elementType)]
    }
}
