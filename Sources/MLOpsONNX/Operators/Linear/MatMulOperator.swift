internal import MLOpsCore
internal import MLOpsTensor

/// `MatMul`: the product of matrices in the last two dimensions, broadcast over those before, as NumPy's `matmul`.
struct MatMulOperator: Operator {
    static let name = "MatMul"
    static let inputCount = 2...2

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        let b: ValueType = try inputs.required(1)
        for input in [a, b] where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        guard let x = a.shape, let y = b.shape else { return [a.reshaped(nil)] }
        return [a.reshaped(try Product(x, y).shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        let product = try Product(a.shape, b.shape)
        let (x, y) = (try a.floats(), try b.floats())
        let (m, k, n) = (product.rows, product.depth, product.columns)
        let result = try context.tensor(product.batch + [m, n])
        if result.count > 0, k > 0 {
            let left = Tensor(shape: [m, k])
            let right = Tensor(shape: [k, n])
            let part = Tensor(shape: [m, n])
            let strides = [
                Broadcast.strides(of: product.batchA, in: product.batch),
                Broadcast.strides(of: product.batchB, in: product.batch),
            ]
            // One row of the batch at a time: its stride is that of its last dimension.
            let width = product.batch.last ?? 1
            Broadcast.forEachRow(of: product.batch, strides: strides) { row, offsets in
                for i in 0..<width {
                    let placeA = offsets[0] + i * (strides[0].last ?? 0)
                    let placeB = offsets[1] + i * (strides[1].last ?? 0)
                    left.pointer.update(from: x.pointer + placeA * m * k, count: m * k)
                    right.pointer.update(from: y.pointer + placeB * k * n, count: k * n)
                    context.compute.matrixProduct(left, right, into: part)
                    (result.pointer + (row + i) * m * n).update(from: part.pointer, count: m * n)
                }
            }
        }
        return [Value(floats: result).reshaped(product.shape)]
    }

    /// The shapes of two factors, with a vector made a matrix of one row (left) or one column (right).
    private struct Product {
        let batchA: [Int]
        let batchB: [Int]
        let batch: [Int]
        let rows: Int
        let depth: Int
        let columns: Int
        /// The shape of the result, without the dimension that a vector was given.
        let shape: [Int]

        init(_ a: [Int], _ b: [Int]) throws {
            let x = a.count == 1 ? [1] + a : a
            let y = b.count == 1 ? b + [1] : b
            guard x.count >= 2, y.count >= 2 else { throw Self.mistake(a, b) }
            (rows, depth, columns) = (x[x.count - 2], x[x.count - 1], y[y.count - 1])
            let inner = y[y.count - 2]
            guard depth == inner || depth == -1 || inner == -1 else { throw Self.mistake(a, b) }
            (batchA, batchB) = (Array(x.dropLast(2)), Array(y.dropLast(2)))
            batch = try Broadcast.shape(batchA, batchB)
            shape = batch + (a.count == 1 ? [] : [rows]) + (b.count == 1 ? [] : [columns])
        }

        private static func mistake(_ a: [Int], _ b: [Int]) -> MLOpsError {
            MLOpsError(
                .invalidArgument, "Tensors \(a) and \(b) can't be multiplied as matrices.",
                help: "Give […, M, K] and […, K, N].")
        }
    }
}
