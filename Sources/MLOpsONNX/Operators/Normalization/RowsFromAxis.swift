internal import MLOpsCore
internal import MLOpsTensor

/// A tensor as rows that run over all axes from one on.
struct RowsFromAxis {
    /// The extents of a row.
    let shape: [Int]
    /// How many rows there are.
    let count: Int
    /// The elements of a row.
    let size: Int
    /// The shape of a number for each row: 1 in place of the axes that a row runs over.
    let statisticShape: [Int]

    /// Cuts a shape before an axis of it; unknown extents make counts that mean nothing.
    init(_ whole: [Int], _ axis: Int) {
        shape = Array(whole[axis...])
        count = Axes.product(whole[..<axis])
        size = Axes.product(shape)
        statisticShape = Array(whole[..<axis]) + [Int](repeating: 1, count: whole.count - axis)
    }

    /// A number for each element of a row, from a value that can be broadcast to a row.
    func numbers(_ value: Value, in context: RunContext) throws -> Tensor {
        try Arrangement.expanded(value, to: shape, in: context).floats()
    }
}
