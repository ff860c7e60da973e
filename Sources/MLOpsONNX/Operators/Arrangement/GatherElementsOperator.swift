internal import MLOpsCore

/// `GatherElements`: for each index the element at its own place, but for the index along the axis.
struct GatherElementsOperator: ElementMover {
    static let name = "GatherElements"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private let axis: Int

    init(_ node: inout NodeReader) throws { axis = try node.int("axis") ?? 0 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let data: ValueType = try inputs.required(0)
        let indices: ValueType = try inputs.required(1)
        _ = try data.elementType.carrier()
        try indices.expectIndices()
        if let shape = data.shape { _ = try Axes.normalized(axis, rank: shape.count) }
        return [data.reshaped(indices.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let data: Value = try inputs.required(0)
        let indices: Value = try inputs.required(1)
        let places = try Arrangement.elementPlaces(indices, along: axis, in: data.shape)
        return [
            try Arrangement.take(
                data.elementType.carrier(), data, at: places, size: 1, shape: indices.shape, in: context)
        ]
    }
}

extension Arrangement {
    /// For each index, the place in a tensor of a shape of the element that has the index's own coordinates but for
    /// the one along the axis, which the index is.
    static func elementPlaces(_ indices: Value, along axis: Int, in shape: [Int]) throws -> [Int] {
        let axis = try Axes.normalized(axis, rank: shape.count)
        let fits =
            indices.shape.count == shape.count
            && shape.indices.allSatisfy { $0 == axis || indices.shape[$0] <= shape[$0] }
        guard fits else {
            throw MLOpsError(
                .invalidArgument, "Indices \(indices.shape) do not fit a tensor \(shape).",
                help: "Give as many dimensions, none longer but that of the axis.")
        }
        var places = try Axes.places(indices.integers(), extent: shape[axis])
        let (step, width) = (strides(of: shape)[axis], indices.shape.last ?? 1)
        var strides = strides(of: shape)
        strides[axis] = 0
        let stride = strides.last ?? 0
        Broadcast.forEachRow(of: indices.shape, strides: [strides]) { row, offsets in
            for i in 0..<width { places[row + i] = places[row + i] * step + offsets[0] + i * stride }
        }
        return places
    }

    /// Copies runs of elements: each of a size, from a place in the source, one after another.
    ///
    /// The caller guarantees that every run is inside the source, and that the shape has as many elements.
    static func take<Element: NumericElement>(
        _ type: Element.Type, _ source: Value, at places: [Int], size: Int, shape: [Int], in context: RunContext
    ) throws -> Value {
        try context.make(source.elementType, shape, as: type) { target in
            source.read(as: type) { elements in
                for (run, place) in places.enumerated() {
                    for i in 0..<size { target[run * size + i] = elements[place + i] }
                }
            }
        }
    }
}
