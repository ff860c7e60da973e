internal import MLOpsCore

/// `Expand`: the input broadcast to a shape; where the shape says 1, the input keeps its extent.
struct ExpandOperator: ElementMover {
    static let name = "Expand"
    static let operatorSets = 8...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let target: ValueType = try inputs.required(1)
        _ = try x.elementType.carrier()
        try target.expectIndices()
        guard let shape = x.shape else { return [x.reshaped(nil)] }
        guard let wanted = try target.constant?.extents("The shape") else {
            let rank = target.openShape.map { max($0.count, shape.count) }
            return [x.reshaped(rank.map { [Int](repeating: -1, count: $0) })]
        }
        return [x.reshaped(try Broadcast.shape(shape, wanted))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let target: Value = try inputs.required(1)
        let shape = try Broadcast.shape(x.shape, target.extents("The shape"))
        return [try Arrangement.expanded(x, to: shape, in: context)]
    }
}

extension Arrangement {
    /// The elements repeated to a shape that the value can be broadcast to.
    static func expanded(_ x: Value, to shape: [Int], in context: RunContext) throws -> Value {
        if shape == x.shape { return x }
        guard x.shape.count <= shape.count, try Broadcast.shape(x.shape, shape) == shape else {
            throw MLOpsError(
                .invalidArgument, "The shape \(x.shape) can't be broadcast to \(shape).",
                help: "From the last dimension on, extents must be equal or 1.")
        }
        return try copy(x, to: shape, strides: Broadcast.strides(of: x.shape, in: shape), in: context)
    }
}
