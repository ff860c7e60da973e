internal import MLOpsCore

/// `Unique`: the different elements, or slices along an axis, sorted or in the order they come in; the place where
/// each is found first, for each input which one it is, and how often each comes.
struct UniqueOperator: ElementMover {
    static let name = "Unique"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    static let outputCount = 1...4
    static func movesElements(to output: Int) -> Bool { output == 0 }
    private let axis: Int?
    private let isSorted: Bool

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis")
        isSorted = try node.flag("sorted", default: true)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.castable()
        let places = ValueType(.int64, [-1])
        guard let axis else { return [x.reshaped([-1]), places, places, places] }
        guard var shape = x.shape else { return [x.reshaped(nil), places, places, places] }
        shape[try Axes.normalized(axis, rank: shape.count)] = -1
        return [x.reshaped(shape), places, places, places]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let shape = axis == nil ? [x.count] : x.shape
        let axis = try Axes.normalized(axis ?? 0, rank: shape.count)
        let rest = shape.indices.filter { $0 != axis }
        let flat = shape == x.shape ? x : x.reshaped(shape)
        let rows = try Arrangement.rows(flat, along: rest, in: context)
        let size = rest.reduce(1) { $0 * shape[$1] }
        let found: Found
        switch x.elementType {
        case .bool: found = rows.read(as: UInt8.self) { find($0, size, shape[axis]) }
        case .float16, .bfloat16: found = try reals(x.elementType.castable(), rows, size, shape[axis])
        default: found = try numbers(x.elementType.numeric(), rows, size, shape[axis])
        }
        return [
            try GatherOperator.gather(flat, found.first, along: axis, in: context), try context.integers(found.first),
            try context.integers(found.inverse), try context.integers(found.counts),
        ]
    }

    /// The place of the first of each group of equals, the group of each place, and the sizes of the groups.
    private struct Found { var first, inverse, counts: [Int] }

    private func reals<Element: CastableElement>(
        _ type: Element.Type, _ rows: Value, _ size: Int, _ count: Int
    ) -> Found {
        rows.read(as: type) { elements in
            elements.map(\.real).withUnsafeBufferPointer { find($0, size, count) }
        }
    }

    private func numbers<Element: NumericElement>(
        _ type: Element.Type, _ rows: Value, _ size: Int, _ count: Int
    ) -> Found {
        rows.read(as: type) { find($0, size, count) }
    }

    private func find<Element: Comparable>(_ x: UnsafeBufferPointer<Element>, _ size: Int, _ count: Int) -> Found {
        /// Below 0, 0 or above it, as the row `a` is less than, equal to or greater than `b`; a NaN is the greatest.
        func compare(_ a: Int, _ b: Int) -> Int {
            for i in 0..<size {
                let (p, q) = (x[a * size + i], x[b * size + i])
                if p == q || (p != p && q != q) { continue }
                return p < q || (p == p && q != q) ? -1 : 1
            }
            return 0
        }
        let order = (0..<count).sorted { a, b in
            let sign = compare(a, b)
            return sign == 0 ? a < b : sign < 0
        }
        var found = Found(first: [], inverse: [Int](repeating: 0, count: count), counts: [])
        for (index, place) in order.enumerated() {
            if index == 0 || compare(order[index - 1], place) != 0 {
                found.first.append(place)
                found.counts.append(0)
            }
            found.inverse[place] = found.first.count - 1
            found.counts[found.counts.count - 1] += 1
        }
        guard !isSorted else { return found }
        let groups = found.first.indices.sorted { found.first[$0] < found.first[$1] }
        var position = groups
        for (index, group) in groups.enumerated() { position[group] = index }
        return Found(
            first: groups.map { found.first[$0] }, inverse: found.inverse.map { position[$0] },
            counts: groups.map { found.counts[$0] })
    }
}
