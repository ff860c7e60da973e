internal import MLOpsCore

/// `OneHot`: for each index a new axis with the second of two values at the index and the first elsewhere.
struct OneHotOperator: Operator {
    static let name = "OneHot"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 3...3
    private let axis: Int

    init(_ node: inout NodeReader) throws { axis = try node.int("axis") ?? -1 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let indices: ValueType = try inputs.required(0)
        let depth: ValueType = try inputs.required(1)
        let values: ValueType = try inputs.required(2)
        for input in [indices, depth] { _ = try input.elementType.numeric() }
        _ = try values.elementType.carrier()
        guard let shape = indices.shape else { return [values.reshaped(nil)] }
        let axis = try Axes.normalized(axis, rank: shape.count + 1)
        return [values.reshaped(shape[..<axis] + [try depth.constant.map(extent) ?? -1] + shape[axis...])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let indices: Value = try inputs.required(0)
        let depth: Value = try inputs.required(1)
        let values: Value = try inputs.required(2)
        guard values.shape == [2] else {
            throw MLOpsError(
                .invalidArgument, "The values have the shape \(values.shape), not [2].", help: "Give off and on.")
        }
        let extent = try extent(depth)
        let axis = try Axes.normalized(axis, rank: indices.shape.count + 1)
        let shape = Array(indices.shape[..<axis] + [extent] + indices.shape[axis...])
        // What is beyond the axis on either side marks nothing.
        let places = try wholes(indices.elementType.castable(), indices).map { $0 < 0 ? $0 + extent : $0 }
        return [try mark(values.elementType.carrier(), values, places, axis, shape, in: context)]
    }

    private func mark<Element: NumericElement>(
        _ type: Element.Type, _ values: Value, _ places: [Int], _ axis: Int, _ shape: [Int], in context: RunContext
    ) throws -> Value {
        let (off, on) = values.read(as: type) { ($0[0], $0[1]) }
        let extent = shape[axis]
        let inner = shape[(axis + 1)...].reduce(1, *)
        return try context.make(values.elementType, shape, as: type) { target in
            target.initialize(repeating: off)
            for (i, place) in places.enumerated() where (0..<extent).contains(place) {
                target[(i / inner * extent + place) * inner + i % inner] = on
            }
        }
    }

    private func wholes<Element: CastableElement>(_ type: Element.Type, _ value: Value) -> [Int] {
        value.read(as: type) { $0.map { Int($0.whole) } }
    }

    private func extent(_ depth: Value) throws -> Int {
        let numbers = try wholes(depth.elementType.castable(), depth)
        guard numbers.count == 1, (0...(1 << 40)).contains(numbers[0]) else {
            throw MLOpsError(.invalidArgument, "The depth is \(numbers).", help: "Give one number of at least 0.")
        }
        return numbers[0]
    }
}
