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
        // The last rows in tiles of 4, where that leaves none of them empty.
        let tileRows = left <= 4 || V.tileRows == 6 && left == 8 ? 4 : V.tileRows
        let rows = min(tileRows, left)
        let whole = rows == tileRows && columns == tileColumns
        let target = TileTarget(
            c: whole ? c : block.edge, cRow: whole ? block.cRow : tileColumns,
            accumulating: whole && block.accumulating)
        if V.tileRows == 8 && tileRows == 8 {
            walkTile(Tile8<Row>.self, block, &places, b, to: target)
        } else if V.tileRows == 6 && tileRows == 6 {
            walkTile(Tile6<Row>.self, block, &places, b, to: target)
        } else {
            walkTile(Tile4<Row>.self, block, &places, b, to: target)
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

/// A tile of C = A·B, or C += A·B.
@inline(__always)
private func walkTile<Tile: ProductTile>(
    _: Tile.Type, _ block: ProductBlock, _ places: inout RowPlaces, _ b: UnsafePointer<Float>, to target: TileTarget
) {
    let k = block.walk
    var start = 0
    let offsets = RowOffsets(of: &places, count: Tile.rows, start: &start)
    var tile = Tile.zero
    var outer = 0
    while outer < k.outer {
        var middle = 0
        while middle < k.middle {
            let a = block.a + (start &+ outer &* k.aOuter &+ middle &* k.aMiddle)
            tile.accumulate(
                ScatteredTerms(a, offsets, termStep: k.aInner), b + (outer &* k.bOuter &+ middle &* k.bMiddle),
                step: k.bInner, count: k.inner)
            middle &+= 1
        }
        outer &+= 1
    }
    if target.accumulating { tile.add(target.c, target.cRow) }
    tile.store(target.c, target.cRow)
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
