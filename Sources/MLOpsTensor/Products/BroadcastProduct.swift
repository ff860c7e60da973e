// A matrix product for vectors of four without a broadcast that is free: SSE2. A number that is spread over a vector
// costs a shuffle, which competes with the multiplications; so the rows of a tile are spread once, ahead of all
// columns.

/// The most terms of a sum for which the spread rows stay in the first level of the cache.
private let broadcastTerms = 256

/// Does a product with rows of A that are spread ahead; false when its sums have too many terms for that.
func multiplyBroadcasting(_ raw: UnsafeRawPointer) -> Bool {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    let terms = block.walk.outer &* block.walk.middle &* block.walk.inner
    guard terms <= broadcastTerms, block.columns > Vector4.tileColumns else { return false }
    withUnsafeTemporaryAllocation(byteCount: 4 &* broadcastTerms &* 16, alignment: 64) { memory in
        guard let start = memory.baseAddress else { return }
        let spread = start.bindMemory(to: Float.self, capacity: 16 &* broadcastTerms)
        var places = RowPlaces(
            rows: block.rows, step: block.walk.aRow, line: block.walk.line, lineStep: block.walk.aLine)
        var row = 0
        while row < block.rows {
            spreadRows(block, &places, to: spread)
            multiplyRows(block, from: row, UnsafePointer(spread))
            row &+= 4
        }
    }
    return true
}

/// Writes each number of four rows four times: `[terms][4 rows][4]`.
@inline(__always)
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

/// Multiplies four spread rows with all columns.
@inline(__always)
private func multiplyRows(_ block: ProductBlock, from row: Int, _ spread: UnsafePointer<Float>) {
    let rows = min(4, block.rows &- row)
    var column = 0
    var b = block.b
    while column < block.columns {
        let columns = min(Vector4.tileColumns, block.columns &- column)
        let c = block.c + (row &* block.cRow &+ column)
        let isWhole = rows == 4 && columns == Vector4.tileColumns
        let target = isWhole ? c : block.edge
        let targetRow = isWhole ? block.cRow : Vector4.tileColumns
        multiplyTile(block.walk, spread, b, target, targetRow, accumulating: isWhole && block.accumulating)
        if !isWhole {
            copyEdge(
                Vector4.self, target, to: c, cRow: block.cRow, rows: rows, columns: columns,
                accumulating: block.accumulating)
        }
        column &+= Vector4.tileColumns
        b += block.bPanel
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
}

@inline(__always)
private func multiplyTile(
    _ k: ProductWalk, _ spread: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ cRow: Int, accumulating: Bool
) {
    var tile = Tile()
    var p = spread
    let step = k.bInner
    var outer = 0
    while outer < k.outer {
        var middle = 0
        while middle < k.middle {
            var q = b + (outer &* k.bOuter &+ middle &* k.bMiddle)
            var inner = k.inner
            while inner >= 4 {
                tile.add(p, q)
                tile.add(p + 16, q + step)
                tile.add(p + 32, q + 2 &* step)
                tile.add(p + 48, q + 3 &* step)
                p += 64
                q += 4 &* step
                inner &-= 4
            }
            while inner > 0 {
                tile.add(p, q)
                p += 16
                q += step
                inner &-= 1
            }
            middle &+= 1
        }
        outer &+= 1
    }
    finish(tile.x0, tile.y0, c, accumulating)
    finish(tile.x1, tile.y1, c + cRow, accumulating)
    finish(tile.x2, tile.y2, c + 2 &* cRow, accumulating)
    finish(tile.x3, tile.y3, c + 3 &* cRow, accumulating)
}

@inline(__always)
private func finish(_ x: Vector4, _ y: Vector4, _ c: UnsafeMutablePointer<Float>, _ accumulating: Bool) {
    (accumulating ? Vector4.load(c) + x : x).store(c)
    (accumulating ? Vector4.load(c + 4) + y : y).store(c + 4)
}
