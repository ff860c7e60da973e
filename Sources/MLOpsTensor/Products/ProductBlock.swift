/// How a matrix product walks over the terms of its sums, in three nested loops; strides are in floats.
///
/// A plain product needs `inner` only. A convolution walks over kernel rows, kernel columns and input channels, and
/// so multiplies the image itself, without the matrix of patches, except where a kernel row has few terms: see
/// ``DirectConvolution/gathersPatches``.
struct ProductWalk {
    var outer = 1, middle = 1, inner = 0
    /// From one row of A to the next within a line of so many, and from one line to the next.
    var aRow = 0, line = Int.max, aLine = 0
    var aOuter = 0, aMiddle = 0, aInner = 1
    var bOuter = 0, bMiddle = 0, bInner = 0

    /// Whether it is one loop, over rows that are a step apart.
    var isPlain: Bool { outer == 1 && middle == 1 && line == .max }
}

/// A product of blocks, as one thread does it: C = A·B, or C += A·B.
///
/// Columns of B past the last up to a whole tile are read: they must be readable.
struct ProductBlock {
    var a: UnsafePointer<Float>
    var b: UnsafePointer<Float>
    var c: UnsafeMutablePointer<Float>
    var rows = 0, columns = 0
    /// From one row of C to the next.
    var cRow = 0
    /// From one panel of B, a tile wide, to the next.
    var bPanel = 0
    var walk = ProductWalk()
    var accumulating = false
    /// Bias and bounds that are applied to C after the last term, by whole tiles or by what runs the walk; nil for none.
    var finish: BiasAndBounds?
    /// Room for one tile, 8 × 32 floats at most.
    var edge: UnsafeMutablePointer<Float>
    /// What is fetched meanwhile.
    var upcoming = UpcomingMemory.none

    /// How much of what is upcoming is fetched with each tile of C; not inlined, for kernels check no division.
    @inline(never) func upcomingLines(ofTile tileRows: Int, by tileColumns: Int) -> Int {
        let lines = upcoming.lines
        return lines == 0 ? 0 : lines / max(1, rows / tileRows * (columns / tileColumns)) + 1
    }

    /// How many lines of the next panel of B are fetched with each tile of C; none where B does not lie in panels.
    @inline(never) func panelLines(ofTile tileRows: Int, by tileColumns: Int) -> Int {
        guard walk.bInner == tileColumns else { return 0 }
        let tiles = max(1, rows / tileRows)
        return (walk.inner * tileColumns / UpcomingMemory.lineFloats + tiles - 1) / tiles
    }

    /// The first rows that tiles of 4 and of `tileRows`, 6 or 8, cover without leaving any over, as ``rowsOfTile(_:left:)``
    /// chooses them.
    func wholeRows(tileRows: Int) -> Int {
        let rest = rows % tileRows
        return rest == 4 || tileRows == 6 && rest == 2 && rows > 2 ? rows : rows - rest
    }

    /// Some of its rows.
    func rows(_ range: Range<Int>) -> ProductBlock {
        var part = self
        part.a += range.lowerBound * walk.aRow
        part.c += range.lowerBound * cRow
        part.rows = range.count
        return part
    }

    /// The same from a column on that begins a panel `width` wide.
    func columns(_ range: Range<Int>, panelWidth width: Int) -> ProductBlock {
        var part = self
        part.b += range.lowerBound / width * bPanel
        part.c += range.lowerBound
        part.finish?.bias += range.lowerBound
        part.columns = range.count
        return part
    }
}

/// The rows of the next tile: the last in tiles of 4, where that leaves none of them empty.
@inline(__always)
func rowsOfTile<V: FloatVector>(_: V.Type, left: Int) -> Int {
    left <= 4 || V.tileRows == 6 && left == 8 ? 4 : V.tileRows
}

/// Where the rows of A lie, one after the other; the last stands in for those behind it.
struct RowPlaces {
    let step: Int
    private let line: Int, lineStep: Int
    private var left: Int
    private var place = 0, column = 0, lineStart = 0

    @inline(__always) init(rows: Int, step: Int, line: Int, lineStep: Int) {
        (left, self.step, self.line, self.lineStep) = (rows, step, line, lineStep)
    }

    /// Where the next row lies.
    @inline(__always) mutating func next() -> Int {
        let result = place
        guard left > 1 else { return result }
        left &-= 1
        column &+= 1
        place &+= step
        if column == line {
            lineStart &+= lineStep
            (place, column) = (lineStart, 0)
        }
        return result
    }

    /// Where the first of `count` rows lies, when there are as many and they are a step apart; nil when each must be
    /// asked for.
    @inline(__always) mutating func first(ofEven count: Int) -> Int? {
        guard left >= count, line &- column >= count else { return nil }
        let result = place
        left &-= count
        column &+= count
        place &+= count &* step
        if column == line {
            lineStart &+= lineStep
            (place, column) = (lineStart, 0)
        }
        return result
    }
}
