internal import MLOpsCore

/// Factors of a product of quantized numbers: 8-bit elements less their zero points.
enum IntegerMatrix {
    /// The elements less a zero point: one for all, or one for each row or column of the matrices in the last two axes.
    ///
    /// - Parameter isRows: whether a list of zero points is by row, not by column.
    static func shifted(_ x: Value, zero: Value?, isRows: Bool) throws -> [Int32] {
        let elements = try wholes(x)
        guard let zero else { return elements }
        try ValueType.expectOneType(x.elementType, zero.elementType)
        let zeros = try wholes(zero)
        if zeros.count == 1 { return elements.map { $0 &- zeros[0] } }
        let columns = x.shape.last ?? 1
        let rows = x.shape.count < 2 ? 1 : x.shape[x.shape.count - 2]
        // By row, the zero points may differ from matrix to matrix too.
        let isFull = isRows && zeros.count == elements.count / max(columns, 1)
        let isFullColumns = !isRows && zero.shape.count > 1
        guard !zeros.isEmpty, isFull || zeros.count == (isRows ? rows : columns) || isFullColumns else {
            throw MLOpsError(
                .invalidArgument, "There are \(zeros.count) zero points for a matrix \(x.shape).",
                help: "Give one for all, or one for each \(isRows ? "row" : "column").")
        }
        return elements.indices.map { i in
            let place =
                isRows
                ? (isFull ? i / columns : i / columns % rows)
                : isFullColumns ? i / (rows * columns) * columns % zeros.count + i % columns : i % columns
            return elements[i] &- zeros[place % zeros.count]
        }
    }

    /// The elements of 8-bit numbers.
    static func wholes(_ x: Value) throws -> [Int32] {
        switch x.elementType {
        case .uint8: x.read(as: UInt8.self) { $0.map(Int32.init) }
        case .int8: x.read(as: Int8.self) { $0.map(Int32.init) }
        default: throw MLOpsError.unsupported(x.elementType, instead: "INT8 or UINT8")
        }
    }

    /// Throws `unsupported` unless elements are of 8 bits.
    static func expectBytes(_ type: ElementType) throws {
        guard type == .uint8 || type == .int8 else { throw MLOpsError.unsupported(type, instead: "INT8 or UINT8") }
    }

    /// The product of matrices in the last two axes, broadcast over those before; sums wrap around, as in 32 bits.
    static func product(_ a: [Int32], _ b: [Int32], _ shapes: MatrixProductShape, in context: RunContext) throws
        -> [Int32]
    {
        let (m, k, n) = (shapes.rows, shapes.depth, shapes.columns)
        let count = try context.limits.elementCount(of: shapes.batch + [m, n], in: "a result")
        var result = [Int32](repeating: 0, count: count)
        let strides = [
            Broadcast.strides(of: shapes.batchA, in: shapes.batch),
            Broadcast.strides(of: shapes.batchB, in: shapes.batch),
        ]
        let width = shapes.batch.last ?? 1
        result.withUnsafeMutableBufferPointer { target in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    Broadcast.forEachRow(of: shapes.batch, strides: strides) { row, offsets in
                        for i in 0..<width {
                            let startA = (offsets[0] + i * (strides[0].last ?? 0)) * m * k
                            let startB = (offsets[1] + i * (strides[1].last ?? 0)) * k * n
                            for r in 0..<m {
                                let out = ((row + i) * m + r) * n
                                for d in 0..<k {
                                    let factor = a[startA + r * k + d]
                                    let from = startB + d * n
                                    for c in 0..<n { target[out + c] &+= factor &* b[from + c] }
                                }
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
