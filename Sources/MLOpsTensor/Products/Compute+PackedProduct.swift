/// A matrix in memory, perhaps stored transposed.
struct MatrixView {
    var pointer: UnsafePointer<Float>
    /// From one stored row to the next.
    var stride: Int
    var transposed = false
}

extension Compute {
    /// The sizes of blocks that fit the caches: rows of A and terms in the first levels, columns of B in the second.
    private static let blockRows = 96, blockColumns = 256, blockTerms = 256
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
                    a, packed, into: c, rows: rows, columns: columns, from: first, terms: count,
                    accumulating: accumulating || first > 0)
            }
        }
    }

    private func multiply(
        _ a: MatrixView, _ packed: UnsafeMutablePointer<Float>, into c: UnsafeMutablePointer<Float>, rows: Int,
        columns: Int, from firstTerm: Int, terms: Int, accumulating: Bool
    ) {
        let rowBlocks = (rows + Compute.blockRows - 1) / Compute.blockRows
        let columnBlocks = (columns + Compute.blockColumns - 1) / Compute.blockColumns
        let work = (self, a, packed, c, rows, columns, firstTerm, terms, accumulating)
        parallel(tasks: rowBlocks * columnBlocks, with: work) { work, task in
            let (compute, a, packed, c, rows, columns, firstTerm, terms, accumulating) = work
            let (packedRow, packedTerm) = (Compute.blockTerms + 16, Compute.blockRows + 16)
            let (tileColumns, rowBlocks) = (compute.tileColumns, (rows + Compute.blockRows - 1) / Compute.blockRows)
            let row = task % rowBlocks * Compute.blockRows
            let column = task / rowBlocks * Compute.blockColumns
            let size = max(packedRow * Compute.blockRows, packedTerm * Compute.blockTerms)
            compute.scratch.with(.task, size + 8 * 32) { memory in
                for term in stride(from: 0, to: terms, by: Compute.blockTerms) {
                    var block = ProductBlock(
                        a: UnsafePointer(memory), b: packed + column * terms + term * tileColumns,
                        c: c + row * columns + column, edge: memory + size)
                    block.rows = min(Compute.blockRows, rows - row)
                    block.columns = min(Compute.blockColumns, columns - column)
                    block.cRow = columns
                    block.bPanel = terms * tileColumns
                    block.accumulating = accumulating || term > 0
                    block.walk.inner = min(Compute.blockTerms, terms - term)
                    block.walk.bInner = tileColumns
                    let stored = firstTerm + term
                    if a.transposed {
                        let source = a.pointer + stored * a.stride + row
                        for i in 0..<block.walk.inner {
                            (memory + i * packedTerm).update(from: source + i * a.stride, count: block.rows)
                        }
                        (block.walk.aRow, block.walk.aInner) = (1, packedTerm)
                    } else {
                        let source = a.pointer + row * a.stride + stored
                        for i in 0..<block.rows {
                            (memory + i * packedRow).update(from: source + i * a.stride, count: block.walk.inner)
                        }
                        (block.walk.aRow, block.walk.aInner) = (packedRow, 1)
                    }
                    compute.instructionSet.run(block)
                }
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
                let source = b.pointer + panel * tile * b.stride + firstTerm
                for j in 0..<tile {
                    var into = target + j
                    if j < width {
                        let from = source + j * b.stride
                        for term in 0..<terms {
                            into.pointee = from[term]
                            into += tile
                        }
                    } else {
                        for _ in 0..<terms {
                            into.pointee = 0
                            into += tile
                        }
                    }
                }
            } else {
                let source = b.pointer + firstTerm * b.stride + panel * tile
                for term in 0..<terms {
                    let into = target + term * tile
                    into.update(from: source + term * b.stride, count: width)
                    if width < tile { (into + width).update(repeating: 0, count: tile - width) }
                }
            }
        }
    }
}
