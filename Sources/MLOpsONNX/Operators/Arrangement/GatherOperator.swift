internal import MLOpsCore

/// `Gather`: slices of the first input along an axis, at the places that the second names.
struct GatherOperator: ElementMover {
    static let name = "Gather"
    static let inputCount = 2...2
    let axis: Int

    init(_ node: inout NodeReader) throws { axis = try node.int("axis") ?? 0 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let data: ValueType = try inputs.required(0)
        let places: ValueType = try inputs.required(1)
        _ = try data.elementType.carrier()
        guard places.elementType == .int32 || places.elementType == .int64 else {
            throw MLOpsError.unsupported(places.elementType, instead: "INT64")
        }
        guard let shape = data.shape, let indices = places.shape else { return [data.reshaped(nil)] }
        let axis = try Axes.normalized(axis, rank: shape.count)
        return [data.reshaped(shape[..<axis] + indices + shape[(axis + 1)...])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let data: Value = try inputs.required(0)
        let places: Value = try inputs.required(1)
        let axis = try Axes.normalized(axis, rank: data.shape.count)
        let indices = try Axes.places(places.integers(), extent: data.shape[axis])
        let shape = Array(data.shape[..<axis] + places.shape + data.shape[(axis + 1)...])
        return [try Self.gather(data.elementType.carrier(), data, indices, axis, shape, in: context)]
    }

    /// The slices along an axis at the given places, all of which are in it.
    static func gather(_ data: Value, _ places: [Int], along axis: Int, in context: RunContext) throws -> Value {
        let shape = Array(data.shape[..<axis] + [places.count] + data.shape[(axis + 1)...])
        return try gather(data.elementType.carrier(), data, places, axis, shape, in: context)
    }

    private static func gather<Element: NumericElement>(
        _ type: Element.Type, _ data: Value, _ indices: [Int], _ axis: Int, _ shape: [Int], in context: RunContext
    ) throws -> Value {
        let outer = data.shape[..<axis].reduce(1, *)
        let extent = data.shape[axis]
        let inner = data.shape[(axis + 1)...].reduce(1, *)
        return try context.make(data.elementType, shape, as: type) { target in
            data.read(as: type) { source in
                var position = 0
                for block in 0..<outer {
                    for index in indices {
                        let start = (block * extent + index) * inner
                        for i in 0..<inner { target[position + i] = source[start + i] }
                        position += inner
                    }
                }
            }
        }
    }
}
