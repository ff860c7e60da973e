internal import MLOpsCore

/// `Pad`: elements put around, or cut off where the number is negative: a constant, the edge, the inside mirrored, or
/// (operator set 19) the other end. Since operator set 11 the numbers are inputs, since 18 also the axes.
struct PadOperator: Operator {
    static let name = "Pad"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 2...4

    private enum Mode: String { case constant, edge, reflect, wrap }
    private let mode: Mode

    init(_ node: inout NodeReader) throws {
        let text = try node.string("mode") ?? Mode.constant.rawValue
        guard let mode = Mode(rawValue: text), mode != .wrap || node.operatorSet >= 19 else {
            throw MLOpsError(
                .unsupported, "The mode '\(text)' is not known.",
                help: "Use constant, edge, reflect or wrap (since 19).")
        }
        guard node.operatorSet >= 18 || node.inputCount < 4 else {
            throw MLOpsError(
                .invalidArgument, "The axes are an input only since operator set 18.", help: "Leave them out.")
        }
        self.mode = mode
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let pads: ValueType = try inputs.required(1)
        let axes: ValueType? = inputs.optional(3)
        _ = try x.elementType.carrier()
        guard let shape = x.shape else { return [x.reshaped(nil)] }
        guard let numbers = try pads.constant?.integers(), axes == nil || axes?.constant != nil else {
            return [x.reshaped([Int](repeating: -1, count: shape.count))]
        }
        let (before, after) = try sides(numbers, axes: axes?.constant?.integers(), rank: shape.count)
        return [
            x.reshaped(try shape.indices.map { shape[$0] == -1 ? -1 : try extent(shape[$0], before[$0], after[$0]) })
        ]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let pads: Value = try inputs.required(1)
        let axes: Value? = inputs.optional(3)
        let (before, after) = try sides(pads.integers(), axes: axes?.integers(), rank: x.shape.count)
        let shape = try x.shape.indices.map { try extent(x.shape[$0], before[$0], after[$0]) }
        try context.limits.elementCount(of: shape, in: "a result")
        // Where each element of an axis comes from; −1 for the constant.
        let sources = try x.shape.indices.map { axis in
            try (0..<shape[axis]).map { try source(of: $0 - before[axis], extent: x.shape[axis]) }
        }
        return [try pad(x.elementType.carrier(), x, inputs.optional(2), shape, sources, in: context)]
    }

    private func pad<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, _ filling: Value?, _ shape: [Int], _ sources: [[Int]], in context: RunContext
    ) throws -> Value {
        guard filling == nil || (filling?.count == 1 && filling?.elementType == x.elementType) else {
            throw MLOpsError(.invalidArgument, "The constant is not one number of the input's type.", help: "Give one.")
        }
        let fill = filling?.read(as: type) { $0[0] } ?? .zero
        let strides = Arrangement.strides(of: x.shape)
        let steps = Arrangement.strides(of: shape)
        return try context.make(x.elementType, shape, as: type) { target in
            x.read(as: type) { elements in
                for position in target.indices {
                    var (rest, place) = (position, 0)
                    for axis in shape.indices {
                        let from = sources[axis][rest / steps[axis]]
                        rest %= steps[axis]
                        if from < 0 {
                            place = -1
                            break
                        }
                        place += from * strides[axis]
                    }
                    target[position] = place < 0 ? fill : elements[place]
                }
            }
        }
    }

    private func source(of position: Int, extent: Int) throws -> Int {
        if (0..<extent).contains(position) { return position }
        guard mode != .constant else { return -1 }
        guard extent > 0 else {
            throw MLOpsError(.invalidArgument, "An empty axis has no elements to repeat.", help: "Pad with a constant.")
        }
        if mode == .edge { return position < 0 ? 0 : extent - 1 }
        let period = mode == .wrap ? extent : max(2 * (extent - 1), 1)
        let place = ((position % period) + period) % period
        return place < extent ? place : period - place
    }

    private func sides(_ pads: [Int], axes: [Int]?, rank: Int) throws -> (before: [Int], after: [Int]) {
        let axes = try axes.map { try $0.map { try Axes.normalized($0, rank: rank) } } ?? Array(0..<rank)
        guard pads.count == 2 * axes.count, Set(axes).count == axes.count else {
            throw MLOpsError(
                .invalidArgument, "There are \(pads.count) numbers of elements for \(axes.count) axes.",
                help: "Give two for each axis: all that come before, then all that come after.")
        }
        var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
        for (index, axis) in axes.enumerated() { (before[axis], after[axis]) = (pads[index], pads[index + axes.count]) }
        return (before, after)
    }

    private func extent(_ extent: Int, _ before: Int, _ after: Int) throws -> Int {
        let range = -(1 << 40)...(1 << 40)
        guard range.contains(before), range.contains(after), extent + before + after >= 0 else {
            throw MLOpsError(
                .invalidArgument, "An axis of \(extent) can't be padded by \(before) and \(after).",
                help: "Cut off no more than there is.")
        }
        return extent + before + after
    }
}
