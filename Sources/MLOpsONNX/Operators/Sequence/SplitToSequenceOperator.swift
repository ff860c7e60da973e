internal import MLOpsCore

/// `SplitToSequence`: a tensor cut along an axis, into parts of given extents, of one extent, or of 1 as a sequence.
struct SplitToSequenceOperator: Operator {
    static let name = "SplitToSequence"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...2
    static let takesEveryForm = true
    private let axis: Int
    private let keepsAxis: Bool

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? 0
        keepsAxis = try node.flag("keepdims", default: true)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        try x.expect(.tensor)
        _ = try x.elementType.carrier()
        if let shape = x.shape { _ = try Axes.normalized(axis, rank: shape.count) }
        try (inputs.optional(1) as ValueType?)?.expectIndices()
        return [ValueType(.sequence, x.elementType)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let split: Value? = inputs.optional(1)
        let axis = try Axes.normalized(axis, rank: x.shape.count)
        let strides = Arrangement.strides(of: x.shape)
        var first = 0
        let parts = try extents(split, of: x.shape[axis], in: context).map { extent in
            defer { first += extent }
            var shape = x.shape
            shape[axis] = extent
            let part = try Arrangement.copy(
                x, to: shape, strides: strides, start: first * strides[axis], in: context)
            if split == nil, !keepsAxis { shape.remove(at: axis) }
            return part.reshaped(shape)
        }
        return [Value(sequence: parts, of: x.elementType)]
    }

    private func extents(_ split: Value?, of whole: Int, in context: RunContext) throws -> [Int] {
        let numbers = try split?.integers() ?? [1]
        let mistake = MLOpsError(
            .invalidArgument, "An axis of \(whole) can't be cut into parts \(numbers).",
            help: "Give extents that add up to it, or one of at least 1.")
        guard split == nil || split?.shape.isEmpty == true else {
            var sum = 0
            for number in numbers {
                guard (0...whole).contains(number), sum <= whole else { throw mistake }
                sum += number
            }
            guard sum == whole else { throw mistake }
            return numbers
        }
        guard let part = numbers.first, part >= 1 else { throw mistake }
        let count = whole / part + (whole % part == 0 ? 0 : 1)
        try context.limits.check(count, \.nodeCount, of: "the length of a sequence")
        return (0..<count).map { min(part, whole - $0 * part) }
    }
}
