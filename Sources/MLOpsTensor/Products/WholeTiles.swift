internal import CTensorDispatch

// Products of matrices of which tiles leave nothing over, and whose terms are one loop: most of all work.

/// With the terms of each row of A side by side.
@inline(__always)
func multiplyRowMajor<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    multiplyWholeTiles(V.self, raw) { RowMajorTerms($1, rowStep: $0.walk.aRow) }
}

/// With the rows of each term of A side by side.
@inline(__always)
func multiplyColumnMajor<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    multiplyWholeTiles(V.self, raw) { ColumnMajorTerms($1, termStep: $0.walk.aInner) }
}

@inline(__always)
private func multiplyWholeTiles<V: FloatVector, Terms: ProductTerms>(
    _: V.Type, _ raw: UnsafeRawPointer, _ terms: (ProductBlock, UnsafePointer<Float>) -> Terms
) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    let linesPerTile = block.upcomingLines(ofTile: V.tileRows, by: V.tileColumns)
    var line = 0
    var column = 0
    var b = block.b
    while column < block.columns {
        var (a, c) = (block.a, block.c + column)
        var left = block.rows
        while left > 0 {
            let rows = rowsOfTile(V.self, left: left)
            if V.tileRows == 8 && rows == 8 {
                multiply(Tile8<WideRow<V>>.self, block, terms(block, a), b, c)
            } else if V.tileRows == 6 && rows == 6 {
                multiply(Tile6<WideRow<V>>.self, block, terms(block, a), b, c)
            } else {
                multiply(Tile4<WideRow<V>>.self, block, terms(block, a), b, c)
            }
            if linesPerTile > 0 {
                block.upcoming.fetch(from: line, count: linesPerTile)
                line &+= linesPerTile
            }
            a += rows &* block.walk.aRow
            c += rows &* block.cRow
            left &-= rows
        }
        column &+= V.tileColumns
        b += block.bPanel
    }
}

/// A tile of C = A·B, or C += A·B.
@inline(__always)
private func multiply<Tile: ProductTile, Terms: ProductTerms>(
    _: Tile.Type, _ block: ProductBlock, _ a: Terms, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
) {
    var tile = Tile.zero
    if block.accumulating {
        // Asks for what will be added while products are made.
        var row = 0
        while row < Tile.rows {
            let target = c + row &* block.cRow
            mlops_prefetch_first(target)
            if Tile.Row.V.width == 16 { mlops_prefetch_first(target + 16) }
            row &+= 1
        }
    }
    tile.accumulate(a, b, step: block.walk.bInner, count: block.walk.inner)
    if block.accumulating { tile.add(c, block.cRow) }
    tile.store(c, block.cRow)
}

extension ProductTile {
    /// Adds the products of so many terms, two at a time: what it takes to count them is shared.
    @inline(__always)
    mutating func accumulate<Terms: ProductTerms>(
        _ a: Terms, _ b: UnsafePointer<Float>, step: Int, count: Int
    ) {
        var (a, b) = (a, b)
        var left = count
        while left > 1 {
            add(a, Row.load(b))
            a.advance()
            b += step
            add(a, Row.load(b))
            a.advance()
            b += step
            left &-= 2
        }
        if left > 0 { add(a, Row.load(b)) }
    }
}
