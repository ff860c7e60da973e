/// From the first row of a tile to each of the others, in floats.
struct RowOffsets {
    var o1 = 0, o2 = 0, o3 = 0, o4 = 0, o5 = 0, o6 = 0, o7 = 0

    /// Of rows that are a step apart, of which `count` are there; the last stands in for those behind it.
    @inline(__always) init(step: Int, count: Int) {
        let last = count &- 1
        (o1, o2, o3) = (min(1, last) &* step, min(2, last) &* step, min(3, last) &* step)
        (o4, o5, o6, o7) = (
            min(4, last) &* step, min(5, last) &* step, min(6, last) &* step, min(7, last) &* step
        )
    }
}

/// Where a product finds the rows of A.
protocol ProductRows {
    /// Whether a walk is one loop over rows that are a step apart.
    static var isPlain: Bool { get }
    init(_ block: ProductBlock)
    /// The place of the next row, and those of the rest of a tile of so many.
    mutating func next(_ count: Int) -> (start: Int, offsets: RowOffsets)
}

/// Rows that are a step apart.
struct EvenRows: ProductRows {
    private let step: Int
    private var left: Int, place = 0

    @inline(__always) static var isPlain: Bool { true }
    @inline(__always) init(_ block: ProductBlock) { (step, left) = (block.walk.aRow, block.rows) }

    @inline(__always) mutating func next(_ count: Int) -> (start: Int, offsets: RowOffsets) {
        let result = (place, RowOffsets(step: step, count: min(count, left)))
        place &+= count &* step
        left &-= count
        return result
    }
}

extension RowPlaces: ProductRows {
    @inline(__always) static var isPlain: Bool { false }
    @inline(__always) init(_ block: ProductBlock) {
        let walk = block.walk
        self.init(rows: block.rows, step: walk.aRow, line: walk.line, lineStep: walk.aLine)
    }

    @inline(__always) mutating func next(_ count: Int) -> (start: Int, offsets: RowOffsets) {
        if let place = first(ofEven: count) { return (place, RowOffsets(step: step, count: count)) }
        var offsets = RowOffsets(step: 0, count: 1)
        let start = next()
        offsets.o1 = next() &- start
        offsets.o2 = next() &- start
        offsets.o3 = next() &- start
        if count > 4 {
            offsets.o4 = next() &- start
            offsets.o5 = next() &- start
        }
        if count > 6 {
            offsets.o6 = next() &- start
            offsets.o7 = next() &- start
        }
        return (start, offsets)
    }
}
