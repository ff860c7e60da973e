internal import CTensorDispatch

/// A matrix in memory, perhaps stored transposed.
struct MatrixView {
    var pointer: UnsafePointer<Float>
    /// From one stored row to the next.
    var stride: Int
    var transposed = false
}

extension Compute {
    /// The sizes of blocks: a panel of B is in the first level of the cache, rows of A and what they give in the second.
    private static let blockRows = 96, blockColumns = 512, blockTerms = 256
    /// The terms whose part of B is packed at a time.
    private static let packedTerms = 1024

    /// The columns of a register tile.
    var tileColumns: Int { 2 * instructionSet.vectorWidth }

    /// Multiplies packed blocks (Goto and van de Geijn 2008): B once for all, A by each task.
    func packedProduct(
        _ a: MatrixView, _ b: MatrixView, into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, terms: Int,
        accumulating: Bool
    ) {
        let panels = (columns + tileColumns - 1) / tileColumns
        scratch.with(.call, panels * tileColumns * min(terms, Compute.packedTerms)) { packed in
            for first in stride(from: 0, to: terms, by: Compute.packedTerms) {
                let count = min(Compute.packedTerms, terms - first)
                pack(b, columns: columns, from: first, terms: count, into: packed)
                multiply(
                    PackedProduct(
                        a: a, panels: packed, c: c, cRow: columns, rows: rows, columns: columns, firstTerm: first,
                        terms: count, accumulating: accumulating || first > 0))
            }
        }
    }

    /// Multiplies rows by a matrix that lies packed: C = f(A·B + bias + addend).
    ///
    /// - Parameters:
    ///   - a: `rows` × K.
    ///   - b: K × N.
    ///   - c: `rows` × N, rows `cRow` floats apart.
    ///   - finish: what is done to each row of C when it is complete, with the pointers for its first; `nil` for
    ///     nothing.
    func multiply(
        _ a: MatrixView, _ b: PackedMatrix, into c: UnsafeMutablePointer<Float>, cRow: Int, rows: Int,
        finish: FinishKernel? = nil
    ) {
        guard b.terms > 0 else { return }
        multiply(
            PackedProduct(
                a: a, panels: UnsafePointer(b.panels.pointer), c: c, cRow: cRow, rows: rows, columns: b.columns,
                terms: b.terms, finish: finish))
    }

    /// A product whose right side lies in panels.
    private struct PackedProduct {
        var a: MatrixView
        var panels: UnsafePointer<Float>
        var c: UnsafeMutablePointer<Float>
        var cRow: Int
        var rows: Int
        var columns: Int
        /// The term of A that the panels begin with.
        var firstTerm = 0
        var terms: Int
        var accumulating = false
        var finish: FinishKernel?
    }

    private func multiply(_ product: PackedProduct) {
        let columns = product.columns
        guard product.rows > 0, columns > 0 else { return }
        let rowBlocks = (product.rows + Compute.blockRows - 1) / Compute.blockRows
        // Few rows make few tasks: then each takes fewer columns.
        let share = (columns * rowBlocks / 8 + tileColumns - 1) / tileColumns * tileColumns
        let most = min(Compute.blockColumns, max(share, 2 * tileColumns))
        let fewest = (columns + most - 1) / most
        // As many for each as whole panels allow.
        let panelsOfTask = ((columns + tileColumns - 1) / tileColumns + fewest - 1) / fewest
        let columnsOfTask = panelsOfTask * tileColumns
        let columnBlocks = (columns + columnsOfTask - 1) / columnsOfTask
        let work = (self, product, rowBlocks, columnsOfTask)
        parallel(tasks: rowBlocks * columnBlocks, with: work) { work, task in
            let (compute, product, rowBlocks, columnsOfTask) = work
            let (rows, columns, terms, a) = (product.rows, product.columns, product.terms, product.a)
            let tileColumns = compute.tileColumns
            let row = task % rowBlocks * Compute.blockRows
            let column = task / rowBlocks * columnsOfTask
            // What is stored transposed is copied, for its terms may share a few sets of the cache.
            let packedTerm = Compute.blockRows + 16
            let size = a.transposed ? packedTerm * Compute.blockTerms : 0
            compute.scratch.with(.task, size + 8 * 32) { memory in
                var block = ProductBlock(
                    a: UnsafePointer(memory), b: product.panels + column * terms,
                    c: product.c + row * product.cRow + column, edge: memory + size)
                block.rows = min(Compute.blockRows, rows - row)
                block.columns = min(columnsOfTask, columns - column)
                block.cRow = product.cRow
                block.bPanel = terms * tileColumns
                block.walk.bInner = tileColumns
                let last = product.finish?.part(of: block, row: row, column: column)
                for term in stride(from: 0, to: terms, by: Compute.blockTerms) {
                    block.b = product.panels + column * terms + term * tileColumns
                    block.accumulating = product.accumulating || term > 0
                    block.walk.inner = min(Compute.blockTerms, terms - term)
                    if term + block.walk.inner == terms { block.finish = last?.biasAndBounds }
                    let stored = product.firstTerm + term
                    if a.transposed {
                        let source = a.pointer + stored * a.stride + row
                        for i in 0..<block.walk.inner {
                            (memory + i * packedTerm).update(from: source + i * a.stride, count: block.rows)
                        }
                        (block.walk.aRow, block.walk.aInner) = (1, packedTerm)
                    } else {
                        block.a = a.pointer + row * a.stride + stored
                        (block.walk.aRow, block.walk.aInner) = (a.stride, 1)
                    }
                    compute.instructionSet.run(block)
                }
                if let last, block.finish == nil { compute.instructionSet.run(last) }
            }
        }
    }

    /// Lays a matrix out in panels a tile wide, `[columns / tile][terms][tile]`, with zeros after the last column.
    func pack(
        _ b: MatrixView, columns: Int, from firstTerm: Int, terms: Int, into packed: UnsafeMutablePointer<Float>
    ) {
        let tile = tileColumns
        let work = (b, columns, firstTerm, terms, packed, tile)
        parallel(tasks: (columns + tile - 1) / tile, with: work) { work, panel in
            let (b, columns, firstTerm, terms, packed, tile) = work
            let width = min(tile, columns - panel * tile)
            let target = packed + panel * terms * tile
            if b.transposed {
                let rows = StatedFilters(
                    weights: b.pointer + firstTerm, outputs: columns, inputs: terms, taps: 1, rowStride: b.stride)
                rows.turn(outputs: panel * tile..<panel * tile + width, into: target, tile: tile)
            } else {
                let source = b.pointer + firstTerm * b.stride + panel * tile
                guard width == tile else {
                    for term in 0..<terms {
                        let into = target + term * tile
                        into.update(from: source + term * b.stride, count: width)
                        (into + width).update(repeating: 0, count: tile - width)
                    }
                    return
                }
                // A call to copy so few floats would take longer than the copy; a tile is some 8 floats wide. Steps are too
                // long for the processor to foresee.
                for term in 0..<terms {
                    mlops_prefetch_second(source + (term &+ 24) &* b.stride)
                    let (from, into) = (source + term * b.stride, target + term * tile)
                    for column in stride(from: 0, to: tile, by: 8) {
                        let eight = UnsafeRawPointer(from + column).loadUnaligned(as: SIMD8<Float>.self)
                        UnsafeMutableRawPointer(into + column).storeBytes(of: eight, as: SIMD8<Float>.self)
                    }
                }
            }
        }
    }
}
