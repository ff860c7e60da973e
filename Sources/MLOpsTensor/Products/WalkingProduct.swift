// Products over any walk, and what whole tiles leave over.

@inline(__always)
func walkBlock<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    var column = 0
    var b = block.b
    while column < block.columns {
        walkColumns(WideRow<V>.self, block, b, column, tileColumns: V.tileColumns)
        column &+= V.tileColumns
        b += block.bPanel
    }
}

/// A product of no more columns than a vector has.
@inline(__always)
func walkNarrowBlock<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    walkColumns(NarrowRow<V>.self, block, block.b, 0, tileColumns: V.width)
}

/// Multiplies all rows with the columns of one tile.
@inline(__always)
private func walkColumns<Row: TileRow>(
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
        let tileRows = rowsOfTile(V.self, left: left)
        let rows = min(tileRows, left)
        let whole = rows == tileRows && columns == tileColumns
        let target = TileTarget(
            c: whole ? c : block.edge, cRow: whole ? block.cRow : tileColumns,
            accumulating: whole && block.accumulating)
        if V.tileRows == 8 && tileRows == 8 {
            walkTile8(Row.self, block.walk, block.a, &places, b, to: target)
        } else if V.tileRows == 6 && tileRows == 6 {
            walkTile6(Row.self, block.walk, block.a, &places, b, to: target)
        } else {
            walkTile4(Row.self, block.walk, block.a, &places, b, to: target)
        }
        if !whole {
            copyEdge(
                V.self, block.edge, tileColumns: tileColumns, to: c, cRow: block.cRow, rows: rows, columns: columns,
                accumulating: block.accumulating)
        }
        row &+= tileRows
    }
}

/// Where a tile goes, and whether it is added to what is there.
private struct TileTarget {
    var c: UnsafeMutablePointer<Float>
    var cRow: Int
    var accumulating: Bool
}

/// A tile of 4 rows: C = A·B, or C += A·B, over the walk of `k`.
///
/// It and those of 6 and 8 rows are written out row by row, since only what has a name of its own stays in a register; a
/// ``ProductTile`` does not within so many loops.
@inline(__always)
private func walkTile4<Row: TileRow>(
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
private func walkTile6<Row: TileRow>(
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
private func walkTile8<Row: TileRow>(
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
