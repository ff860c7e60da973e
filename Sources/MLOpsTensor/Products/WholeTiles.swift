internal import CTensorDispatch

// Products of matrices of which tiles leave nothing over, and whose terms are one loop: most of all work.

/// With the terms of each row of A side by side, and B in panels: steps that the compiler knows take no registers.
@inline(__always)
func multiplyRowMajor<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    multiplyWholeTiles(V.self, block, at: raw, bStep: V.tileColumns) { RowMajorTerms($0, rowStep: block.walk.aRow) }
}

/// With the rows of each term of A side by side.
@inline(__always)
func multiplyColumnMajor<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: ProductBlock.self).pointee
    multiplyWholeTiles(V.self, block, at: raw, bStep: block.walk.bInner) {
        ColumnMajorTerms($0, termStep: block.walk.aInner)
    }
}

@inline(__always)
private func multiplyWholeTiles<V: FloatVector, Terms: ProductTerms>(
    _: V.Type, _ block: ProductBlock, at raw: UnsafeRawPointer, bStep: Int,
    _ terms: (UnsafePointer<Float>) -> Terms
) {
    let linesPerTile = block.upcomingLines(ofTile: V.tileRows, by: V.tileColumns)
    let panelLines = block.panelLines(ofTile: V.tileRows, by: V.tileColumns)
    var line = 0
    var column = 0
    var b = block.b
    while column < block.columns {
        var (a, c) = (block.a, block.c + column)
        var left = block.rows
        var next = b + block.bPanel
        while left > 0 {
            let rows = rowsOfTile(V.self, left: left)
            if V.tileRows == 8 && rows == 8 {
                multiply(Tile8<WideRow<V>>.self, block, at: raw, terms(a), b, step: bStep, c, column)
            } else if V.tileRows == 6 && rows == 6 {
                multiply(Tile6<WideRow<V>>.self, block, at: raw, terms(a), b, step: bStep, c, column)
            } else {
                multiply(Tile4<WideRow<V>>.self, block, at: raw, terms(a), b, step: bStep, c, column)
            }
            if linesPerTile > 0 {
                block.upcoming.fetch(from: line, count: linesPerTile)
                line &+= linesPerTile
            }
            var lines = panelLines
            while lines > 0 {
                mlops_prefetch_second(next)
                next += UpcomingMemory.lineFloats
                lines &-= 1
            }
            a += rows &* block.walk.aRow
            c += rows &* block.cRow
            left &-= rows
        }
        column &+= V.tileColumns
        b += block.bPanel
    }
}

/// A tile of C = A·B, or C += A·B, from a column on.
@inline(__always)
private func multiply<Tile: ProductTile, Terms: ProductTerms>(
    _: Tile.Type, _ block: ProductBlock, at raw: UnsafeRawPointer, _ a: Terms, _ b: UnsafePointer<Float>, step: Int,
    _ c: UnsafeMutablePointer<Float>, _ column: Int
) {
    var tile = Tile.zero
    // Asks for what will be written, and perhaps added, while products are made.
    var row = 0
    while row < Tile.rows {
        let target = c + row &* block.cRow
        mlops_prefetch_first(target)
        if Tile.Row.V.width == 16 { mlops_prefetch_first(target + 16) }
        row &+= 1
    }
    tile.accumulate(a, b, step: step, count: block.walk.inner)
    if block.accumulating { tile.add(c, block.cRow) }
    // Read through the pointer, not from the copy, which would keep it in registers throughout the loop.
    if let finish = raw.assumingMemoryBound(to: ProductBlock.self).pointee.finish {
        tile.addBias(Tile.Row.load(finish.bias + column))
        tile.clamp(Tile.Row.V(finish.low), Tile.Row.V(finish.high))
    }
    tile.store(c, block.cRow)
}

extension ProductTile {
    /// Adds the products of so many terms, four at a time: what it takes to count them is shared.
    @inline(__always)
    mutating func accumulate<Terms: ProductTerms>(
        _ a: Terms, _ b: UnsafePointer<Float>, step: Int, count: Int
    ) {
        var (a, b) = (a, b)
        var left = count
        while left > 3 {
            take(&a, &b, step: step)
            take(&a, &b, step: step)
            take(&a, &b, step: step)
            take(&a, &b, step: step)
            left &-= 4
        }
        while left > 0 {
            take(&a, &b, step: step)
            left &-= 1
        }
    }

    /// Adds the products of one term, and goes to the next.
    @inline(__always)
    private mutating func take<Terms: ProductTerms>(_ a: inout Terms, _ b: inout UnsafePointer<Float>, step: Int) {
        add(a, Row.load(b))
        a.advance()
        b += step
    }
}
