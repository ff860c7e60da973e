internal import MLOpsCore

/// An operator that finds the place of the best element along an axis: the first of equals, or the last.
/// As in NumPy a NaN is better than any number.
protocol ArgReduction: Operator {
    /// Where to search, and which of equals to take.
    var search: ArgSearch { get }
    /// A search of the given kind.
    init(search: ArgSearch)
    /// Whether one element is better than another.
    static func isBetter<Element: Comparable>(_ a: Element, than b: Element) -> Bool
}

/// Where `ArgMax` and `ArgMin` search.
struct ArgSearch: Sendable {
    /// The axis, as the node states it.
    let axis: Int
    /// Whether the axis stays, with the extent 1.
    let keeps: Bool
    /// Whether the last of equals is taken.
    let takesLast: Bool

    /// Reads `axis`, `keepdims` and `select_last_index`.
    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? 0
        keeps = try node.flag("keepdims", default: true)
        takesLast = node.operatorSet >= 12 ? try node.flag("select_last_index", default: false) : false
    }

    /// The shape of the result.
    func shape(_ shape: [Int]) throws -> [Int] {
        let axis = try Axes.normalized(axis, rank: shape.count)
        return shape[..<axis] + (keeps ? [1] : []) + shape[(axis + 1)...]
    }
}

extension ArgReduction {
    static var inputCount: ClosedRange<Int> { 1...1 }

    init(_ node: inout NodeReader) throws { self.init(search: try ArgSearch(&node)) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.numeric()
        return [ValueType(.int64, try x.shape.map(search.shape))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        if x.elementType == .float32 { return [try find(Float.self, x, in: context)] }
        return [try find(x.elementType.numeric(), x, in: context)]
    }

    private func find<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, in context: RunContext
    ) throws -> Value {
        let shape = try search.shape(x.shape)
        let axis = try Axes.normalized(search.axis, rank: x.shape.count)
        let extent = x.shape[axis]
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        return try context.make(.int64, shape, as: Int64.self) { target in
            guard extent > 0 || target.isEmpty else {
                throw MLOpsError(
                    .invalidArgument, "The axis \(axis) of \(x.shape) is empty.", help: "Search where elements are.")
            }
            x.read(as: type) { source in
                for i in target.indices {
                    let start = i / inner * extent * inner + i % inner
                    var best = 0
                    for place in 1..<max(extent, 1) {
                        if isTaken(source[start + place * inner], over: source[start + best * inner]) { best = place }
                    }
                    target[i] = Int64(best)
                }
            }
        }
    }

    @inline(__always)
    private func isTaken<Element: Comparable>(_ candidate: Element, over best: Element) -> Bool {
        if best != best { return search.takesLast && candidate != candidate }
        if candidate != candidate || Self.isBetter(candidate, than: best) { return true }
        return search.takesLast && candidate == best
    }
}
