internal import MLOpsCore

/// `ScatterElements`: the data with each update put at its own place, but for the index along the axis.
struct ScatterElementsOperator: ElementMover {
    static let name = "ScatterElements"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 3...3
    private let axis: Int
    private let reduction: ScatterReduction

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? 0
        reduction = try ScatterReduction(&node)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let data: ValueType = try inputs.required(0)
        try reduction.check(data, inputs.required(1), inputs.required(2))
        if let shape = data.shape { _ = try Axes.normalized(axis, rank: shape.count) }
        return [data.reshaped(data.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let data: Value = try inputs.required(0)
        let indices: Value = try inputs.required(1)
        let updates: Value = try inputs.required(2)
        guard updates.shape == indices.shape else {
            throw MLOpsError(
                .invalidArgument, "The updates have the shape \(updates.shape), the indices \(indices.shape).",
                help: "Give one update for each index.")
        }
        let places = try Arrangement.elementPlaces(indices, along: axis, in: data.shape)
        return [
            try reduction.apply(
                reduction.type(of: data.elementType), updates, to: data, at: places, size: 1, in: context)
        ]
    }
}
