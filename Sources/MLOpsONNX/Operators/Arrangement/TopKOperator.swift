internal import MLOpsCore

/// `TopK`: the greatest or the least elements along an axis, in order, and their places; of equals the first come
/// first. A NaN counts as greater than any number.
struct TopKOperator: Operator {
    static let name = "TopK"
    static let inputCount = 1...2
    static let outputCount = 1...2
    private let axis: Int
    private let fixed: Int?
    private let isLargest: Bool

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? -1
        fixed = node.operatorSet < 10 ? try node.int("k") : nil
        isLargest = node.operatorSet >= 11 ? try node.flag("largest", default: true) : true
        // The order without it is left open, so the sorted one will do.
        if node.operatorSet >= 11 { _ = try node.flag("sorted", default: true) }
        guard (fixed == nil) == (node.inputCount == 2) else {
            throw MLOpsError(
                .invalidArgument, "The number of elements is not given.",
                help: "Give it as an input, before operator set 10 as the attribute 'k'.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let input: ValueType? = inputs.optional(1)
        _ = try x.elementType.numeric()
        try input?.expectIndices()
        guard let shape = x.shape else { return [x.reshaped(nil), ValueType(.int64, nil)] }
        var result = shape
        let axis = try Axes.normalized(axis, rank: shape.count)
        result[axis] = -1
        if let k = try fixed ?? input?.constant?.integer("The number of elements") {
            result[axis] = try count(k, of: shape[axis])
        }
        return [x.reshaped(result), ValueType(.int64, result)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let axis = try Axes.normalized(axis, rank: x.shape.count)
        let k = try fixed ?? (inputs.required(1) as Value).integer("The number of elements")
        return try best(x.elementType.numeric(), x, count(k, of: x.shape[axis]), axis, in: context)
    }

    private func best<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, _ k: Int, _ axis: Int, in context: RunContext
    ) throws -> [Value] {
        let (extent, inner) = (x.shape[axis], x.shape[(axis + 1)...].reduce(1, *))
        let shape = x.shape[..<axis] + [k] + x.shape[(axis + 1)...]
        var places = [Int](repeating: 0, count: try context.limits.elementCount(of: Array(shape), in: "a result"))
        let values = try context.make(x.elementType, Array(shape), as: type) { target in
            x.read(as: type) { source in
                for row in 0..<(k == 0 ? 0 : target.count / k) {
                    let outer = row / inner
                    let start = outer * extent * inner + row % inner
                    let order = (0..<extent).sorted { a, b in
                        let (x, y) = (source[start + a * inner], source[start + b * inner])
                        if isBetter(x, than: y) { return true }
                        return isBetter(y, than: x) ? false : a < b
                    }
                    for i in 0..<k {
                        let position = (outer * k + i) * inner + row % inner
                        target[position] = source[start + order[i] * inner]
                        places[position] = order[i]
                    }
                }
            }
        }
        let indices = try context.make(.int64, Array(shape), as: Int64.self) { target in
            for i in target.indices { target[i] = Int64(places[i]) }
        }
        return [values, indices]
    }

    @inline(__always) private func isBetter<Element: Comparable>(_ a: Element, than b: Element) -> Bool {
        if a != a || b != b { return isLargest ? a != a && b == b : a == a && b != b }
        return isLargest ? a > b : a < b
    }

    private func count(_ k: Int, of extent: Int) throws -> Int {
        guard k >= 0, extent == -1 || k <= extent else {
            throw MLOpsError(
                .invalidArgument, "An axis of \(extent) has no \(k) best elements.",
                help: "Ask for no more than there are.")
        }
        return k
    }
}
