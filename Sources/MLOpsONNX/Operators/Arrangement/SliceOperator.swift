internal import MLOpsCore

/// `Slice`: every so many elements of some axes, from a start to before an end. Since operator set 10 the numbers are
/// inputs.
struct SliceOperator: ElementMover {
    static let name = "Slice"
    static let inputCount = 1...5
    private let fixed: (starts: [Int], ends: [Int], axes: [Int]?)?

    init(_ node: inout NodeReader) throws {
        guard node.operatorSet < 10 else {
            fixed = nil
            return
        }
        guard let starts = try node.ints("starts"), let ends = try node.ints("ends"), node.inputCount == 1 else {
            throw MLOpsError(
                .invalidArgument, "The attributes 'starts' and 'ends' are not given.", help: "Give both as attributes.")
        }
        fixed = (starts, ends, try node.ints("axes"))
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.carrier()
        if fixed == nil {
            let (_, _): (ValueType, ValueType) = (try inputs.required(1), try inputs.required(2))
            for input in inputs.dropFirst() { try input?.expectIndices() }
        }
        guard let shape = x.shape else { return [x.reshaped(nil)] }
        let numbers = inputs.dropFirst()
        guard numbers.allSatisfy({ $0 == nil || $0?.constant != nil }) else {
            return [x.reshaped([Int](repeating: -1, count: shape.count))]
        }
        let cuts = try cuts(inputs.map { $0?.constant }, shape)
        return [x.reshaped(shape.indices.map { axis in cuts[axis].map(\.count) ?? shape[axis] })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let cuts = try cuts(inputs, x.shape)
        var (shape, strides, start) = (x.shape, Arrangement.strides(of: x.shape), 0)
        for (axis, cut) in cuts.enumerated() {
            guard let cut else { continue }
            start += cut.first * strides[axis]
            strides[axis] *= cut.count > 1 ? cut.step : 1
            shape[axis] = cut.count
        }
        return [try Arrangement.copy(x, to: shape, strides: strides, start: start, in: context)]
    }

    /// What is taken of one axis.
    struct Cut {
        var first = 0
        var step = 1
        /// −1 when the extent of the axis is not known.
        var count = -1
    }

    /// What is taken of each axis; `nil` for one that stays whole.
    func cuts(_ inputs: [Value?], _ shape: [Int]) throws -> [Cut?] {
        let starts, ends: [Int]
        var (axes, steps): ([Int]?, [Int]?) = (fixed?.axes, nil)
        if let fixed {
            (starts, ends) = (fixed.starts, fixed.ends)
        } else {
            let (first, last): (Value, Value) = (try inputs.required(1), try inputs.required(2))
            (starts, ends) = (try first.integers(), try last.integers())
            axes = try (inputs.optional(3) as Value?)?.integers()
            steps = try (inputs.optional(4) as Value?)?.integers()
        }
        let places = try (axes ?? Array(starts.indices)).map { try Axes.normalized($0, rank: shape.count) }
        guard ends.count == starts.count, places.count == starts.count, (steps ?? starts).count == starts.count,
            Set(places).count == places.count, steps?.contains(0) != true
        else {
            throw MLOpsError(
                .invalidArgument,
                "Starts \(starts), ends \(ends), axes \(axes ?? []) and steps \(steps ?? []) do not go together.",
                help: "Give one of each for every axis, each axis once, and no step of 0.")
        }
        var result = [Cut?](repeating: nil, count: shape.count)
        for (index, axis) in places.enumerated() {
            result[axis] = cut(starts[index], ends[index], steps?[index] ?? 1, shape[axis])
        }
        return result
    }

    private func cut(_ start: Int, _ end: Int, _ step: Int, _ extent: Int) -> Cut {
        guard extent >= 0 else { return Cut() }
        let range = step > 0 ? 0...extent : -1...(extent - 1)
        func place(_ index: Int) -> Int {
            min(max(index < 0 ? index + extent : index, range.lowerBound), range.upperBound)
        }
        let (first, last) = (place(start), place(end))
        let way = step > 0 ? last - first : first - last
        guard way > 0 else { return Cut(first: 0, step: 1, count: 0) }
        // Steps beyond the axis do what one of its extent does.
        let size = Int(min(step.magnitude, UInt(extent)))
        return Cut(first: first, step: step > 0 ? size : -size, count: (way - 1) / size + 1)
    }
}
