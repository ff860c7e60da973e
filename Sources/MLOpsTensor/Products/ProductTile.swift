/// How a matrix product walks over the terms of its sums, in three nested loops; strides are in floats.
///
/// A plain product needs `inner` only. A convolution walks over kernel rows, kernel columns and input channels, and
/// so multiplies the image itself, without the matrix of patches.
struct ProductWalk {
    var outer = 1, middle = 1, inner = 0
    /// From one row of A to the next within a line of so many, and from one line to the next.
    var aRow = 0, line = Int.max, aLine = 0
    var aOuter = 0, aMiddle = 0, aInner = 1
    var bOuter = 0, bMiddle = 0, bInner = 0
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
    /// Room for one tile, 8 × 32 floats at most.
    var edge: UnsafeMutablePointer<Float>

    /// The same from a column on that begins a panel `width` wide.
    func columns(_ range: Range<Int>, panelWidth width: Int) -> ProductBlock {
        var part = self
        part.b += range.lowerBound / width * bPanel
        part.c += range.lowerBound
        part.columns = range.count
        return part
    }
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

/// One row of a tile in registers: named fields, for an array would live in memory.
private protocol TileRow {
    associatedtype V: FloatVector
    /// The part of a row of B that the tile covers.
    associatedtype Columns
    static var zero: Self { get }
    static func load(_ pointer: UnsafePointer<Float>) -> Columns
    mutating func add(_ a: Float, _ b: Columns)
    mutating func add(_ pointer: UnsafeMutablePointer<Float>)
    func store(_ pointer: UnsafeMutablePointer<Float>)
}

/// Two vectors.
private struct WideRow<V: FloatVector>: TileRow {
    var x: V
    var y: V

    @inline(__always) static var zero: Self { Self(x: .zero, y: .zero) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> (V, V) {
        (V.load(pointer), V.load(pointer + V.width))
    }
    @inline(__always) mutating func add(_ a: Float, _ b: (V, V)) {
        let factor = V(a)
        x = x.adding(factor, times: b.0)
        y = y.adding(factor, times: b.1)
    }
    @inline(__always) mutating func add(_ pointer: UnsafeMutablePointer<Float>) {
        x = V.load(pointer) + x
        y = V.load(pointer + V.width) + y
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) {
        x.store(pointer)
        y.store(pointer + V.width)
    }
}

/// One vector, for the last columns where they need no more.
private struct NarrowRow<V: FloatVector>: TileRow {
    var x: V

    @inline(__always) static var zero: Self { Self(x: .zero) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> V { V.load(pointer) }
    @inline(__always) mutating func add(_ a: Float, _ b: V) { x = x.adding(V(a), times: b) }
    @inline(__always) mutating func add(_ pointer: UnsafeMutablePointer<Float>) { x = V.load(pointer) + x }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) { x.store(pointer) }
}

/// Where a tile goes, and whether it is added to what is there.
private struct TileTarget {
    var c: UnsafeMutablePointer<Float>
    var cRow: Int
    var accumulating: Bool
}

/// A tile of 4 rows: C = A·B, or C += A·B, over the walk of `k`.
///
/// It and those of 6 and 8 rows are written out row by row, since only what has a name of its own stays in a register.
@inline(__always)
private func multiplyTile4<Row: TileRow>(
    _: Row.Type, _ k: ProductWalk, _ a: UnsafePointer<Float>, _ places: inout RowPlaces, _ b: UnsafePointer<Float>,
    to target: TileTarget
) {
    var r0 = Row.zero
    var r1 = Row.zero
    var r2 = Row.zero
    var r3 = Row.zero
    let first: Int, o1: Int, o2: Int, o3: Int
    if let place = places.first(ofEven: 4) {
        let step = places.step
        first = place
        o1 = step
        o2 = 2 &* step
        o3 = 3 &* step
    } else {
        first = places.next()
        o1 = places.next() &- first
        o2 = places.next() &- first
        o3 = places.next() &- first
    }
    var outer = 0
    while outer < k.outer {
        var middle = 0
        while middle < k.middle {
            var p = a + (first &+ outer &* k.aOuter &+ middle &* k.aMiddle)
            var q = b + (outer &* k.bOuter &+ middle &* k.bMiddle)
            var inner = k.inner
            while inner > 0 {
                let columns = Row.load(q)
                r0.add(p[0], columns)
                r1.add(p[o1], columns)
                r2.add(p[o2], columns)
                r3.add(p[o3], columns)
                p += k.aInner
                q += k.bInner
                inner &-= 1
            }
            middle &+= 1
        }
        outer &+= 1
    }
    let (c, cRow) = (target.c, target.cRow)
    if target.accumulating {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
    }
    r0.store(c)
    r1.store(c + cRow)
    r2.store(c + 2 &* cRow)
    r3.store(c + 3 &* cRow)
}

/// A tile of 6 rows: C = A·B, or C += A·B, over the walk of `k`.
@inline(__always)
private func multiplyTile6<Row: TileRow>(
    _: Row.Type, _ k: ProductWalk, _ a: UnsafePointer<Float>, _ places: inout RowPlaces, _ b: UnsafePointer<Float>,
    to target: TileTarget
) {
    var r0 = Row.zero
    var r1 = Row.zero
    var r2 = Row.zero
    var r3 = Row.zero
    var r4 = Row.zero
    var r5 = Row.zero
    let first: Int, o1: Int, o2: Int, o3: Int, o4: Int, o5: Int
    if let place = places.first(ofEven: 6) {
        let step = places.step
        first = place
        o1 = step
        o2 = 2 &* step
        o3 = 3 &* step
        o4 = 4 &* step
        o5 = 5 &* step
    } else {
        first = places.next()
        o1 = places.next() &- first
        o2 = places.next() &- first
        o3 = places.next() &- first
        o4 = places.next() &- first
        o5 = places.next() &- first
    }
    var outer = 0
    while outer < k.outer {
        var middle = 0
        while middle < k.middle {
            var p = a + (first &+ outer &* k.aOuter &+ middle &* k.aMiddle)
            var q = b + (outer &* k.bOuter &+ middle &* k.bMiddle)
            var inner = k.inner
            while inner > 0 {
                let columns = Row.load(q)
                r0.add(p[0], columns)
                r1.add(p[o1], columns)
                r2.add(p[o2], columns)
                r3.add(p[o3], columns)
                r4.add(p[o4], columns)
                r5.add(p[o5], columns)
                p += k.aInner
                q += k.bInner
                inner &-= 1
            }
            middle &+= 1
        }
        outer &+= 1
    }
    let (c, cRow) = (target.c, target.cRow)
    if target.accumulating {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
        r4.add(c + 4 &* cRow)
        r5.add(c + 5 &* cRow)
    }
    r0.store(c)
    r1.store(c + cRow)
    r2.store(c + 2 &* cRow)
    r3.store(c + 3 &* cRow)
    r4.store(c + 4 &* cRow)
    r5.store(c + 5 &* cRow)
}

/// A tile of 8 rows: C = A·B, or C += A·B, over the walk of `k`.
@inline(__always)
private func multiplyTile8<Row: TileRow>(
    _: Row.Type, _ k: ProductWalk, _ a: UnsafePointer<Float>, _ places: inout RowPlaces, _ b: UnsafePointer<Float>,
    to target: TileTarget
) {
    var r0 = Row.zero
    var r1 = Row.zero
    var r2 = Row.zero
    var r3 = Row.zero
    var r4 = Row.zero
    var r5 = Row.zero
    var r6 = Row.zero
    var r7 = Row.zero
    let first: Int, o1: Int, o2: Int, o3: Int, o4: Int, o5: Int, o6: Int, o7: Int
    if let place = places.first(ofEven: 8) {
        let step = places.step
        first = place
        o1 = step
        o2 = 2 &* step
        o3 = 3 &* step
        o4 = 4 &* step
        o5 = 5 &* step
        o6 = 6 &* step
        o7 = 7 &* step
    } else {
        first = places.next()
        o1 = places.next() &- first
        o2 = places.next() &- first
        o3 = places.next() &- first
        o4 = places.next() &- first
        o5 = places.next() &- first
        o6 = places.next() &- first
        o7 = places.next() &- first
    }
    var outer = 0
    while outer < k.outer {
        var middle = 0
        while middle < k.middle {
            var p = a + (first &+ outer &* k.aOuter &+ middle &* k.aMiddle)
            var q = b + (outer &* k.bOuter &+ middle &* k.bMiddle)
            var inner = k.inner
            while inner > 0 {
                let columns = Row.load(q)
                r0.add(p[0], columns)
                r1.add(p[o1], columns)
                r2.add(p[o2], columns)
                r3.add(p[o3], columns)
                r4.add(p[o4], columns)
                r5.add(p[o5], columns)
                r6.add(p[o6], columns)
                r7.add(p[o7], columns)
                p += k.aInner
                q += k.bInner
                inner &-= 1
            }
            middle &+= 1
        }
        outer &+= 1
    }
    let (c, cRow) = (target.c, target.cRow)
    if target.accumulating {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
        r4.add(c + 4 &* cRow)
        r5.add(c + 5 &* cRow)
        r6.add(c + 6 &* cRow)
        r7.add(c + 7 &* cRow)
    }
    r0.store(c)
    r1.store(c + cRow)
    r2.store(c + 2 &* cRow)
    r3.store(c + 3 &* cRow)
    r4.store(c + 4 &* cRow)
    r5.store(c + 5 &* cRow)
    r6.store(c + 6 &* cRow)
    r7.store(c + 7 &* cRow)
}

@inline(__always)
func multiplyBlock<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    var column = 0
    var b = block.b
    while column < block.columns {
        multiplyColumns(WideRow<V>.self, block, b, column, tileColumns: V.tileColumns)
        column &+= V.tileColumns
        b += block.bPanel
    }
}

/// A product of no more columns than a vector has.
@inline(__always)
func multiplyNarrowBlock<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    multiplyColumns(NarrowRow<V>.self, block, block.b, 0, tileColumns: V.width)
}

/// Multiplies all rows with the columns of one tile.
@inline(__always)
private func multiplyColumns<Row: TileRow>(
    _: Row.Type, _ block: ProductBlock, _ b: UnsafePointer<Float>, _ column: Int, tileColumns: Int
) {
    typealias V = Row.V
    let columns = min(tileColumns, block.columns &- column)
    var places = RowPlaces(
        rows: block.rows, step: block.walk.aRow, line: block.walk.line, lineStep: block.walk.aLine)
    var row = 0
    while row < block.rows {
        let c = block.c + (row &* block.cRow &+ column)
        let left = block.rows &- row
        // The last rows in tiles of 4, where that leaves none of them empty.
        let tileRows = left <= 4 || V.tileRows == 6 && left == 8 ? 4 : V.tileRows
        let rows = min(tileRows, left)
        let whole = rows == tileRows && columns == tileColumns
        let target = TileTarget(
            c: whole ? c : block.edge, cRow: whole ? block.cRow : tileColumns,
            accumulating: whole && block.accumulating)
        if V.tileRows == 8 && tileRows == 8 {
            multiplyTile8(Row.self, block.walk, block.a, &places, b, to: target)
        } else if V.tileRows == 6 && tileRows == 6 {
            multiplyTile6(Row.self, block.walk, block.a, &places, b, to: target)
        } else {
            multiplyTile4(Row.self, block.walk, block.a, &places, b, to: target)
        }
        if !whole {
            copyEdge(
                V.self, block.edge, tileColumns: tileColumns, to: c, cRow: block.cRow, rows: rows, columns: columns,
                accumulating: block.accumulating)
        }
        row &+= tileRows
    }
}

/// Copies the part of a tile that lies within C.
@inline(__always)
func copyEdge<V: FloatVector>(
    _: V.Type, _ tile: UnsafeMutablePointer<Float>, tileColumns: Int, to c: UnsafeMutablePointer<Float>, cRow: Int,
    rows: Int, columns: Int, accumulating: Bool
) {
    var i = 0
    while i < rows {
        let source = tile + i &* tileColumns
        let target = c + i &* cRow
        var j = 0
        while j &+ V.width <= columns {
            let value = V.load(source + j)
            (accumulating ? V.load(target + j) + value : value).store(target + j)
            j &+= V.width
        }
        while j < columns {
            target[j] = accumulating ? target[j] + source[j] : source[j]
            j &+= 1
        }
        i &+= 1
    }
}
