internal import MLOpsCore

/// `ScatterND`: the data with slices put at places that the last dimension of the indices states.
struct ScatterNDOperator: ElementMover {
    static let name = "ScatterND"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 3...3
    private let reduction: ScatterReduction

    init(_ node: inout NodeReader) throws { reduction = try ScatterReduction(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let data: ValueType = try inputs.required(0)
        try reduction.check(data, inputs.required(1), inputs.required(2))
        return [data.reshaped(data.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let data: Value = try inputs.required(0)
        let indices: Value = try inputs.required(1)
        let updates: Value = try inputs.required(2)
        let places = try Arrangement.slicePlaces(indices, in: data.shape)
        let slice = data.shape[(indices.shape.last ?? 0)...]
        guard updates.shape == indices.shape.dropLast() + slice else {
            throw MLOpsError(
                .invalidArgument,
                "Updates \(updates.shape) at indices \(indices.shape) do not fit a tensor \(data.shape).",
                help: "Give one slice for each row of indices.")
        }
        return [
            try reduction.apply(
                reduction.type(of: data.elementType), updates, to: data, at: places, size: slice.reduce(1, *),
                in: context)
        ]
    }
}
