/// Matrices of floats in memory, as many as there are batches and heads, wherever their elements lie.
package struct StridedMatrices: Sendable {
    /// How many matrices there are along the first axis, and along the second.
    package var batches: Int, heads: Int
    /// The size of each.
    package var rows: Int, columns: Int
    /// The floats from one matrix to the next along each axis; 0 where it repeats.
    package var batchStride: Int, headStride: Int
    /// The floats from one row to the next, and from one column to the next.
    package var rowStride: Int, columnStride: Int

    /// Takes the last two axes of a tensor as the matrices' and the two before as batches and heads; `nil` when there
    /// are more axes with extents other than 1.
    package init?(_ shape: [Int], strides: [Int]) {
        let rank = shape.count
        guard rank >= 2, shape.dropLast(4).allSatisfy({ $0 == 1 }) else { return nil }
        (rows, columns) = (shape[rank - 2], shape[rank - 1])
        (rowStride, columnStride) = (strides[rank - 2], strides[rank - 1])
        (heads, headStride) = rank >= 3 ? (shape[rank - 3], strides[rank - 3]) : (1, 0)
        (batches, batchStride) = rank >= 4 ? (shape[rank - 4], strides[rank - 4]) : (1, 0)
    }

    /// Where a matrix begins, by its batch and head; those that there is one of repeat.
    func offset(_ batch: Int, _ head: Int) -> Int {
        (batches == 1 ? 0 : batch * batchStride) + (heads == 1 ? 0 : head * headStride)
    }

    /// Lays some rows out side by side.
    func copyRows(
        _ range: Range<Int>, of matrix: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>,
        rowStride targetRow: Int
    ) {
        for row in range {
            let (from, to) = (matrix + row * rowStride, target + (row - range.lowerBound) * targetRow)
            if columnStride == 1 {
                to.update(from: from, count: columns)
            } else {
                for column in 0..<columns { to[column] = from[column * columnStride] }
            }
        }
    }

    /// Lays a matrix out in panels a tile wide, `[columns / tile][rows][tile]`, with zeros after the last column.
    func pack(_ matrix: UnsafePointer<Float>, tile: Int, into panels: UnsafeMutablePointer<Float>) {
        for panel in 0..<(columns + tile - 1) / tile {
            let (first, target) = (panel * tile, panels + panel * tile * rows)
            let width = min(tile, columns - first)
            if columnStride == 1 {
                for row in 0..<rows {
                    let to = target + row * tile
                    to.update(from: matrix + row * rowStride + first, count: width)
                    if width < tile { (to + width).update(repeating: 0, count: tile - width) }
                }
            } else {
                if width < tile { target.update(repeating: 0, count: tile * rows) }
                for column in 0..<width {
                    let from = matrix + (first + column) * columnStride
                    var to = target + column
                    for row in 0..<rows {
                        to.pointee = from[row * rowStride]
                        to += tile
                    }
                }
            }
        }
    }
}
