internal import MLOpsCore
internal import MLOpsTensor

/// `MatMul`: the product of matrices in the last two dimensions, broadcast over those before, as NumPy's `matmul`.
struct MatMulOperator: Operator {
    static let name = "MatMul"
    static let inputCount = 2...2
    static let packsWeights = true

    init() {}
    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        let b: ValueType = try inputs.required(1)
        for input in [a, b] where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        guard let x = a.shape, let y = b.shape else { return [a.reshaped(nil)] }
        return [a.reshaped(try MatrixProductShape(x, y).shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        let product = try MatrixProductShape(a.shape, b.shape)
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
}
