internal import MLOpsCore

/// `Compress`: the slices along an axis for which a condition is true; without an axis, the elements of the input.
struct CompressOperator: ElementMover {
    static let name = "Compress"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private let axis: Int?

    init(_ node: inout NodeReader) throws { axis = try node.int("axis") }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let condition: ValueType = try inputs.required(1)
        _ = try x.elementType.carrier()
        try condition.elementType.expectTruth()
        guard let axis else { return [x.reshaped([-1])] }
        guard var shape = x.shape else { return [x.reshaped(nil)] }
        shape[try Axes.normalized(axis, rank: shape.count)] = -1
        return [x.reshaped(shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let condition: Value = try inputs.required(1)
        let shape = axis == nil ? [x.count] : x.shape
        let axis = try Axes.normalized(axis ?? 0, rank: shape.count)
        let chosen = condition.read(as: UInt8.self) { bytes in bytes.indices.filter { bytes[$0] != 0 } }
        guard condition.shape.count == 1, chosen.last ?? -1 < shape[axis] else {
            throw MLOpsError(
                .invalidArgument, "A condition \(condition.shape) does not fit an axis of \(shape[axis]).",
                help: "Give a list of truth values, no more than the axis has places.")
        }
        let flat = shape == x.shape ? x : x.reshaped(shape)
        return [try GatherOperator.gather(flat, chosen, along: axis, in: context)]
    }
}
