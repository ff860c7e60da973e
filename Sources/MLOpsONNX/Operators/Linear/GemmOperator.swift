internal import MLOpsCore
internal import MLOpsTensor

/// `Gemm`: α · A · B + β · C, where A and B may be transposed and C is broadcast to the product's shape.
struct GemmOperator: Operator {
    static let name = "Gemm"
    static let inputCount = 2...3
    static let packsWeights = true
    private let alpha: Float
    private let beta: Float
    private let transposesA: Bool
    let transposesB: Bool
    /// Whether it is A · B + C, with A as it is.
    var isPlain: Bool { alpha == 1 && beta == 1 && !transposesA }

    init(_ node: inout NodeReader) throws {
        alpha = try node.float("alpha") ?? 1
        beta = try node.float("beta") ?? 1
        transposesA = try node.flag("transA", default: false)
        transposesB = try node.flag("transB", default: false)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        let b: ValueType = try inputs.required(1)
        let c: ValueType? = inputs.optional(2)
        for input in [a, b, c].compactMap({ $0 }) where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        guard let x = a.shape, let y = b.shape else { return [a.reshaped([-1, -1])] }
        return [a.reshaped(try outputShape(x, y, c?.shape))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        let c: Value? = inputs.optional(2)
        let shape = try outputShape(a.shape, b.shape, c?.shape)
        let result = try context.tensor(shape)
        guard result.count > 0 else { return [Value(floats: result)] }
        if a.count > 0 {
            context.compute.matrixProduct(
                try a.floats(), try b.floats(), into: result, transposingA: transposesA, transposingB: transposesB)
        }
        if alpha != 1 { for i in 0..<result.count { result.pointer[i] *= alpha } }
        if let c {
            let addend = try c.floats()
            let strides = Broadcast.strides(of: c.shape, in: shape)
            for row in 0..<shape[0] {
                for column in 0..<shape[1] {
                    result.pointer[row * shape[1] + column] +=
                        beta * addend.pointer[row * strides[0] + column * strides[1]]
                }
            }
        }
        return [Value(floats: result)]
    }

    private func outputShape(_ a: [Int], _ b: [Int], _ c: [Int]?) throws -> [Int] {
        func mistake() -> MLOpsError {
            MLOpsError(
                .invalidArgument,
                "The matrices \(a)\(transposesA ? "ᵀ" : "") and \(b)\(transposesB ? "ᵀ" : "") can't be "
                    + "multiplied, or \(c ?? []) not added to the product.",
                help: "Give matrices [M, K] and [K, N], and an addend that can be broadcast to [M, N].")
        }
        guard a.count == 2, b.count == 2 else { throw mistake() }
        let (m, k) = transposesA ? (a[1], a[0]) : (a[0], a[1])
        let (l, n) = transposesB ? (b[1], b[0]) : (b[0], b[1])
        guard k == l || k == -1 || l == -1 else { throw mistake() }
        if let c {
            guard c.count <= 2 else { throw mistake() }
            for (have, want) in zip(c.reversed(), [n, m]) where have != 1 && have != -1 && want != -1 && have != want {
                throw mistake()
            }
        }
        return [m, n]
    }
}
