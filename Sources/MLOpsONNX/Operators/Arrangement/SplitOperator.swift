internal import MLOpsCore

/// `Split`: a tensor cut along an axis into parts of given extents, or equal ones of which the last may be smaller
/// (operator set 18). Since 13 the extents are an input.
struct SplitOperator: ElementMover {
    static let name = "Split"
    static let inputCount = 1...2
    static let outputCount = 1...Int.max
    let axis: Int
    private let fixed: [Int]?
    private let parts: Int
    private let mayBeUneven: Bool

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? 0
        fixed = node.operatorSet < 13 ? try node.ints("split") : nil
        parts = node.outputCount
        mayBeUneven = node.operatorSet >= 18
        guard node.operatorSet >= 18, let stated = try node.int("num_outputs") else { return }
        guard stated == parts else {
            throw MLOpsError(
                .invalidArgument, "'num_outputs' is \(stated), but the node has \(parts) outputs.",
                help: "Give as many outputs.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let input: ValueType? = inputs.optional(1)
        _ = try x.elementType.carrier()
        try input?.expectIndices()
        guard let shape = x.shape else { return [ValueType](repeating: x.reshaped(nil), count: parts) }
        let axis = try Axes.normalized(axis, rank: shape.count)
        var extents = [Int](repeating: -1, count: parts)
        if input == nil || input?.constant != nil {
            extents = try self.extents(input?.constant?.integers(), of: shape[axis])
        }
        return extents.map { x.reshaped(shape[..<axis] + [$0] + shape[(axis + 1)...]) }
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let axis = try Axes.normalized(axis, rank: x.shape.count)
        let extents = try extents((inputs.optional(1) as Value?)?.integers(), of: x.shape[axis])
        let strides = Arrangement.strides(of: x.shape)
        var first = 0
        return try extents.map { extent in
            defer { first += extent }
            let shape = Array(x.shape[..<axis] + [extent] + x.shape[(axis + 1)...])
            return try Arrangement.copy(x, to: shape, strides: strides, start: first * strides[axis], in: context)
        }
    }

    /// The extents of the parts of an axis, −1 where they depend on one that is not known.
    func extents(_ input: [Int]?, of whole: Int) throws -> [Int] {
        guard let wanted = input ?? fixed else {
            if whole == -1 { return [Int](repeating: -1, count: parts) }
            let part = whole == 0 ? 0 : (whole - 1) / parts + 1
            guard mayBeUneven || whole % parts == 0 else { throw mistake([], whole) }
            return (0..<parts).map { max(0, min(part, whole - $0 * part)) }
        }
        var sum = 0
        for extent in wanted where extent >= 0 { sum = sum.addingReportingOverflow(extent).partialValue }
        guard wanted.count == parts, wanted.allSatisfy({ (0...(1 << 40)).contains($0) }), whole == -1 || sum == whole
        else { throw mistake(wanted, whole) }
        return wanted
    }

    private func mistake(_ wanted: [Int], _ whole: Int) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "An axis of \(whole) can't be cut into \(parts) parts \(wanted).",
            help: "Give one extent for each output, which add up to that of the axis.")
    }
}
