internal import MLOpsCore

/// `ConcatFromSequence`: the tensors of a sequence one after another along an axis, or along a new one.
struct ConcatFromSequenceOperator: Operator {
    static let name = "ConcatFromSequence"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    static let takesEveryForm = true
    private let axis: Int
    private let isNew: Bool

    init(_ node: inout NodeReader) throws {
        guard let axis = try node.int("axis") else {
            throw MLOpsError(.invalidArgument, "The attribute 'axis' is missing.", help: "Give the axis.")
        }
        self.axis = axis
        isNew = try node.flag("new_axis", default: false)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let sequence: ValueType = try inputs.required(0)
        try sequence.expect(.sequence)
        _ = try sequence.elementType.carrier()
        return [ValueType(sequence.elementType, nil)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let values = try (inputs.required(0) as Value).sequence()
        guard let first = values.first else {
            throw MLOpsError(.invalidArgument, "The sequence is empty.", help: "Give one of at least one tensor.")
        }
        guard isNew else { return try ConcatOperator(axis: axis).run(values, in: context) }
        let place = try Axes.normalized(axis, rank: first.shape.count + 1)
        let widened = values.map { value in
            var shape = value.shape
            shape.insert(1, at: min(place, shape.count))
            return value.reshaped(shape)
        }
        return try ConcatOperator(axis: place).run(widened, in: context)
    }
}
