internal import CTensorDispatch

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

/// The rows of a tile in registers, which are written out, since only what has a name of its own stays in one.
private protocol ProductTile {
    associatedtype Row: TileRow
    static var rows: Int { get }
    static var zero: Self { get }
    /// Adds the products of one term: of a column of A, whose first row lies at `a`, and a row of B.
    mutating func add(_ a: UnsafePointer<Float>, _ o: RowOffsets, _ b: Row.Columns)
    /// Adds what C holds.
    mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int)
    func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int)
}

private struct Tile4<Row: TileRow>: ProductTile {
    var r0 = Row.zero, r1 = Row.zero, r2 = Row.zero, r3 = Row.zero

    @inline(__always) static var rows: Int { 4 }
    @inline(__always) static var zero: Self { Self() }
    @inline(__always) mutating func add(_ a: UnsafePointer<Float>, _ o: RowOffsets, _ b: Row.Columns) {
        r0.add(a[0], b)
        r1.add(a[o.o1], b)
        r2.add(a[o.o2], b)
        r3.add(a[o.o3], b)
    }
    @inline(__always) mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
    }
    @inline(__always) func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.store(c)
        r1.store(c + cRow)
        r2.store(c + 2 &* cRow)
        r3.store(c + 3 &* cRow)
    }
}

private struct Tile6<Row: TileRow>: ProductTile {
    var r0 = Row.zero, r1 = Row.zero, r2 = Row.zero, r3 = Row.zero, r4 = Row.zero, r5 = Row.zero

    @inline(__always) static var rows: Int { 6 }
    @inline(__always) static var zero: Self { Self() }
    @inline(__always) mutating func add(_ a: UnsafePointer<Float>, _ o: RowOffsets, _ b: Row.Columns) {
        r0.add(a[0], b)
        r1.add(a[o.o1], b)
        r2.add(a[o.o2], b)
        r3.add(a[o.o3], b)
        r4.add(a[o.o4], b)
        r5.add(a[o.o5], b)
    }
    @inline(__always) mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
        r4.add(c + 4 &* cRow)
        r5.add(c + 5 &* cRow)
    }
    @inline(__always) func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.store(c)
        r1.store(c + cRow)
        r2.store(c + 2 &* cRow)
        r3.store(c + 3 &* cRow)
        r4.store(c + 4 &* cRow)
        r5.store(c + 5 &* cRow)
    }
}

private struct Tile8<Row: TileRow>: ProductTile {
    var r0 = Row.zero, r1 = Row.zero, r2 = Row.zero, r3 = Row.zero
    var r4 = Row.zero, r5 = Row.zero, r6 = Row.zero, r7 = Row.zero

    @inline(__always) static var rows: Int { 8 }
    @inline(__always) static var zero: Self { Self() }
    @inline(__always) mutating func add(_ a: UnsafePointer<Float>, _ o: RowOffsets, _ b: Row.Columns) {
        r0.add(a[0], b)
        r1.add(a[o.o1], b)
        r2.add(a[o.o2], b)
        r3.add(a[o.o3], b)
        r4.add(a[o.o4], b)
        r5.add(a[o.o5], b)
        r6.add(a[o.o6], b)
        r7.add(a[o.o7], b)
    }
    @inline(__always) mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
        r4.add(c + 4 &* cRow)
        r5.add(c + 5 &* cRow)
        r6.add(c + 6 &* cRow)
        r7.add(c + 7 &* cRow)
    }
    @inline(__always) func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.store(c)
        r1.store(c + cRow)
        r2.store(c + 2 &* cRow)
        r3.store(c + 3 &* cRow)
        r4.store(c + 4 &* cRow)
        r5.store(c + 5 &* cRow)
        r6.store(c + 6 &* cRow)
        r7.store(c + 7 &* cRow)
    }
}

/// Where a tile goes, and whether it is added to what is there.
private struct TileTarget {
    var c: UnsafeMutablePointer<Float>
    var cRow: Int
    var accumulating: Bool
}

/// Adds the products of `terms` terms, two at a time: what it takes to count them is shared.
@inline(__always)
private func accumulate<Tile: ProductTile>(
    _ tile: inout Tile, terms: Int, _ a: UnsafePointer<Float>, step aStep: Int, _ o: RowOffsets,
    _ b: UnsafePointer<Float>, step bStep: Int
) {
    var (p, q) = (a, b)
    var left = terms
    while left > 1 {
        tile.add(p, o, Tile.Row.load(q))
        p += aStep
        q += bStep
        tile.add(p, o, Tile.Row.load(q))
        p += aStep
        q += bStep
        left &-= 2
    }
    if left > 0 { tile.add(p, o, Tile.Row.load(q)) }
}

/// A tile of C = A·B, or C += A·B.
@inline(__always)
private func multiplyTile<Tile: ProductTile, Rows: ProductRows>(
    _: Tile.Type, _ block: ProductBlock, _ rows: inout Rows, _ b: UnsafePointer<Float>, to target: TileTarget
) {
    let k = block.walk
    let (start, offsets) = rows.next(Tile.rows)
    let a = block.a + start
    var tile = Tile.zero
    if target.accumulating { fetchRows(Tile.rows, target) }
    if Rows.isPlain {
        accumulate(&tile, terms: k.inner, a, step: k.aInner, offsets, b, step: k.bInner)
    } else {
        var outer = 0
        while outer < k.outer {
            var middle = 0
            while middle < k.middle {
                accumulate(
                    &tile, terms: k.inner, a + (outer &* k.aOuter &+ middle &* k.aMiddle), step: k.aInner, offsets,
                    b + (outer &* k.bOuter &+ middle &* k.bMiddle), step: k.bInner)
                middle &+= 1
            }
            outer &+= 1
        }
    }
    if target.accumulating { tile.add(target.c, target.cRow) }
    tile.store(target.c, target.cRow)
}

/// Asks for what a tile will be added to, while its products are made.
@inline(__always)
private func fetchRows(_ rows: Int, _ target: TileTarget) {
    var row = 0
    while row < rows {
        mlops_prefetch_first(target.c + row &* target.cRow)
        row &+= 1
    }
}

@inline(__always)
func multiplyBlock<V: FloatVector, Rows: ProductRows>(_: V.Type, _: Rows.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    var column = 0
    var b = block.b
    while column < block.columns {
        multiplyColumns(WideRow<V>.self, Rows.self, block, b, column, tileColumns: V.tileColumns)
        column &+= V.tileColumns
        b += block.bPanel
    }
}

/// A product of no more columns than a vector has.
@inline(__always)
func multiplyNarrowBlock<V: FloatVector, Rows: ProductRows>(_: V.Type, _: Rows.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    multiplyColumns(NarrowRow<V>.self, Rows.self, block, block.b, 0, tileColumns: V.width)
}

/// Multiplies all rows with the columns of one tile.
@inline(__always)
private func multiplyColumns<Row: TileRow, Rows: ProductRows>(
    _: Row.Type, _: Rows.Type, _ block: ProductBlock, _ b: UnsafePointer<Float>, _ column: Int, tileColumns: Int
) {
    typealias V = Row.V
    let columns = min(tileColumns, block.columns &- column)
    var places = Rows(block)
    let upcoming = block.upcomingLines(ofTile: V.tileRows, by: tileColumns)
    var line = column / tileColumns &* (block.rows / V.tileRows) &* upcoming
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
            multiplyTile(Tile8<Row>.self, block, &places, b, to: target)
        } else if V.tileRows == 6 && tileRows == 6 {
            multiplyTile(Tile6<Row>.self, block, &places, b, to: target)
        } else {
            multiplyTile(Tile4<Row>.self, block, &places, b, to: target)
        }
        if !whole {
            copyEdge(
                V.self, block.edge, tileColumns: tileColumns, to: c, cRow: block.cRow, rows: rows, columns: columns,
                accumulating: block.accumulating)
        }
        if upcoming > 0 { block.upcoming.fetch(from: line, count: upcoming) }
        line &+= upcoming
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
