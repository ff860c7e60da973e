// A matrix product for vectors of four without a broadcast that is free: SSE2. A number that is spread over a vector
// costs a shuffle, which competes with the multiplications; so the rows of a tile are spread once, while the first
// columns are multiplied, and lie ready for all others.

/// The most terms of a sum for which the spread rows stay in the first level of the cache.
private let broadcastTerms = 256

/// Does a product with rows of A that are spread once; false when its sums have too many terms for that, or B does not
/// lie evenly.
func multiplyBroadcasting(_ raw: UnsafeRawPointer) -> Bool {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    let k = block.walk
    let terms = k.outer &* k.middle &* k.inner
    guard terms <= broadcastTerms, block.columns > Vector4.tileColumns,
        k.middle == 1 || k.bMiddle == k.inner &* k.bInner,
        k.outer == 1 || k.bOuter == k.middle &* k.inner &* k.bInner
    else { return false }
    withUnsafeTemporaryAllocation(byteCount: 4 &* broadcastTerms &* 16, alignment: 64) { memory in
        guard let start = memory.baseAddress else { return }
        let spread = start.bindMemory(to: Float.self, capacity: 16 &* broadcastTerms)
        var places = RowPlaces(rows: block.rows, step: k.aRow, line: k.line, lineStep: k.aLine)
        let linesPerTile = block.upcomingLines(ofTile: 4, by: block.columns)
        var row = 0
        while row < block.rows {
            multiplyRows(block, from: row, &places, spread, terms: terms)
            if linesPerTile > 0 { block.upcoming.fetch(from: row / 4 &* linesPerTile, count: linesPerTile) }
            row &+= 4
        }
    }
    return true
}

/// Multiplies four rows with all columns: whole tiles first, then what a tile at the edge gives.
@inline(__always)
private func multiplyRows(
    _ block: ProductBlock, from row: Int, _ places: inout RowPlaces, _ spread: UnsafeMutablePointer<Float>, terms: Int
) {
    let (rows, width, step) = (min(4, block.rows &- row), Vector4.tileColumns, block.walk.bInner)
    let (c, cRow, accumulating) = (block.c + row &* block.cRow, block.cRow, block.accumulating)
    var column = 0
    var b = block.b
    if rows == 4 && terms == block.walk.inner {
        multiplySpreading(block, &places, to: spread, c)
        column = width
        b += block.bPanel
    } else {
        spreadRows(block, &places, to: spread)
    }
    if rows == 4 && step == width {
        while column &+ width <= block.columns {
            multiplyPanel(UnsafePointer(spread), b, terms, c + column, cRow, accumulating)
            column &+= width
            b += block.bPanel
        }
    } else if rows == 4 {
        while column &+ width <= block.columns {
            multiplyTile(UnsafePointer(spread), b, step, terms, c + column, cRow, accumulating)
            column &+= width
            b += block.bPanel
        }
    }
    while column < block.columns {
        multiplyTile(UnsafePointer(spread), b, step, terms, block.edge, width, false)
        copyEdge(
            Vector4.self, block.edge, tileColumns: width, to: c + column, cRow: cRow, rows: rows,
            columns: min(width, block.columns &- column), accumulating: accumulating)
        column &+= width
        b += block.bPanel
    }
}

/// Writes each number of four rows four times: `[terms][4 rows][4]`.
@inline(never)
private func spreadRows(_ block: ProductBlock, _ places: inout RowPlaces, to spread: UnsafeMutablePointer<Float>) {
    let k = block.walk
    let a = block.a + places.next()
    let (a1, a2, a3) = (block.a + places.next(), block.a + places.next(), block.a + places.next())
    var target = spread
    var outer = 0
    while outer < k.outer {
        var middle = 0
        while middle < k.middle {
            var p = outer &* k.aOuter &+ middle &* k.aMiddle
            var inner = k.inner
            while inner > 0 {
                Vector4(a[p]).store(target)
                Vector4(a1[p]).store(target + 4)
                Vector4(a2[p]).store(target + 8)
                Vector4(a3[p]).store(target + 12)
                target += 16
                p &+= k.aInner
                inner &-= 1
            }
            middle &+= 1
        }
        outer &+= 1
    }
}

/// A tile of four rows and eight columns in registers.
private struct Tile {
    var x0 = Vector4.zero, y0 = Vector4.zero, x1 = Vector4.zero, y1 = Vector4.zero
    var x2 = Vector4.zero, y2 = Vector4.zero, x3 = Vector4.zero, y3 = Vector4.zero

    /// Adds the products of one term.
    @inline(__always) mutating func add(_ p: UnsafePointer<Float>, _ q: UnsafePointer<Float>) {
        let (b0, b1) = (Vector4.load(q), Vector4.load(q + 4))
        let a0 = Vector4.load(p)
        x0 = x0.adding(a0, times: b0)
        y0 = y0.adding(a0, times: b1)
        let a1 = Vector4.load(p + 4)
        x1 = x1.adding(a1, times: b0)
        y1 = y1.adding(a1, times: b1)
        let a2 = Vector4.load(p + 8)
        x2 = x2.adding(a2, times: b0)
        y2 = y2.adding(a2, times: b1)
        let a3 = Vector4.load(p + 12)
        x3 = x3.adding(a3, times: b0)
        y3 = y3.adding(a3, times: b1)
    }

    /// Writes each of four numbers four times, and adds their products.
    @inline(__always) mutating func addSpreading(
        _ a0: Float, _ a1: Float, _ a2: Float, _ a3: Float, to spread: UnsafeMutablePointer<Float>,
        _ q: UnsafePointer<Float>
    ) {
        let (b0, b1) = (Vector4.load(q), Vector4.load(q + 4))
        let v0 = Vector4(a0)
        v0.store(spread)
        x0 = x0.adding(v0, times: b0)
        y0 = y0.adding(v0, times: b1)
        let v1 = Vector4(a1)
        v1.store(spread + 4)
        x1 = x1.adding(v1, times: b0)
        y1 = y1.adding(v1, times: b1)
        let v2 = Vector4(a2)
        v2.store(spread + 8)
        x2 = x2.adding(v2, times: b0)
        y2 = y2.adding(v2, times: b1)
        let v3 = Vector4(a3)
        v3.store(spread + 12)
        x3 = x3.adding(v3, times: b0)
        y3 = y3.adding(v3, times: b1)
    }

    /// Writes the tile, or adds it to what is there.
    @inline(__always) mutating func finish(_ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulating: Bool) {
        let (c1, c2, c3) = (c + cRow, c + 2 &* cRow, c + 3 &* cRow)
        if accumulating {
            (x0, y0) = (Vector4.load(c) + x0, Vector4.load(c + 4) + y0)
            (x1, y1) = (Vector4.load(c1) + x1, Vector4.load(c1 + 4) + y1)
            (x2, y2) = (Vector4.load(c2) + x2, Vector4.load(c2 + 4) + y2)
            (x3, y3) = (Vector4.load(c3) + x3, Vector4.load(c3 + 4) + y3)
        }
        x0.store(c)
        y0.store(c + 4)
        x1.store(c1)
        y1.store(c1 + 4)
        x2.store(c2)
        y2.store(c2 + 4)
        x3.store(c3)
        y3.store(c3 + 4)
    }
}

// Each loop is a function of its own: inlined into the loops around it, its sums would not stay in registers.

/// The first eight columns, over terms that lie evenly in A, while the four rows are spread for the others.
@inline(never)
private func multiplySpreading(
    _ block: ProductBlock, _ places: inout RowPlaces, to spread: UnsafeMutablePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
) {
    let a = block.a + places.next()
    let (a1, a2, a3) = (block.a + places.next(), block.a + places.next(), block.a + places.next())
    let (aStep, bStep) = (block.walk.aInner, block.walk.bInner)
    var tile = Tile()
    var (target, q, p, inner) = (spread, block.b, 0, block.walk.inner)
    while inner > 0 {
        tile.addSpreading(a[p], a1[p], a2[p], a3[p], to: target, q)
        target += 16
        q += bStep
        p &+= aStep
        inner &-= 1
    }
    tile.finish(c, block.cRow, block.accumulating)
}

/// Eight columns that lie in a panel.
@inline(never)
private func multiplyPanel(
    _ spread: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ terms: Int, _ c: UnsafeMutablePointer<Float>,
    _ cRow: Int, _ accumulating: Bool
) {
    var tile = Tile()
    tile.add(spread, b, step: Vector4.tileColumns, terms: terms)
    tile.finish(c, cRow, accumulating)
}

/// Eight columns of rows that lie `step` apart.
@inline(never)
private func multiplyTile(
    _ spread: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ step: Int, _ terms: Int,
    _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ accumulating: Bool
) {
    var tile = Tile()
    tile.add(spread, b, step: step, terms: terms)
    tile.finish(c, cRow, accumulating)
}

extension Tile {
    /// Adds the products of all terms.
    @inline(__always)
    fileprivate mutating func add(
        _ spread: UnsafePointer<Float>, _ b: UnsafePointer<Float>, step: Int, terms: Int
    ) {
        var (p, q, left) = (spread, b, terms)
        while left >= 4 {
            add(p, q)
            add(p + 16, q + step)
            add(p + 32, q + 2 &* step)
            add(p + 48, q + 3 &* step)
            p += 64
            q += 4 &* step
            left &-= 4
        }
        while left > 0 {
            add(p, q)
            p += 16
            q += step
            left &-= 1
        }
    }
}
