internal import MLOpsCore
internal import MLOpsTensor

/// `MatMul` or `Gemm` with a constant matrix, and what follows it: f(x · B + bias + addend). Its inputs are x, and the
/// addend if it has one; no operator of the standard.
struct ProductOperator: PlannedOperator, PackingOperator, DescribedOperator {
    static let name = MatMulOperator.name
    static let inputCount = 1...2
    private let matrix: KeptMatrix
    /// What is added to each row.
    private(set) var bias: Bias?
    /// f.
    var function = ElementFunction.identity
    /// Whether the second input is added.
    var hasAddend = false

    /// Unchecked Sendable: the numbers are constants, which nobody writes.
    struct Bias: @unchecked Sendable { let numbers: Tensor }

    /// Takes in a matrix [K, N], or [N, K] when it is transposed.
    init(_ matrix: Value, transposed: Bool) { self.matrix = KeptMatrix(matrix, transposed: transposed) }

    init(_ node: inout NodeReader) throws { throw MLOpsError.unsupported(.float32, instead: "an operator") }

    var title: String {
        ([Self.name] + (bias == nil ? [] : ["bias"]) + (hasAddend ? ["Add"] : [])
            + (function == .identity ? [] : [function.title])).joined(separator: "+")
    }

    /// The same with a bias, when a value is one: a number for each column.
    func adding(_ value: Value) throws -> ProductOperator? {
        guard bias == nil, !hasAddend, function == .identity, value.elementType == .float32,
            value.count == matrix.columns, value.shape.last == matrix.columns
        else { return nil }
        var copy = self
        copy.bias = Bias(numbers: try value.floats())
        return copy
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        guard let shape = x.shape else { return [x.reshaped(nil)] }
        return [x.reshaped(try outputShape(shape))]
    }

    var packedByteCount: Int { matrix.terms * PackedMatrix.paddedColumns(matrix.columns) * MemoryLayout<Float>.stride }

    func pack(for inputs: [ValueType?], in context: RunContext) throws { _ = try matrix.packed(context.compute) }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let result = try context.tensor(try outputShape(x.shape))
        let addend: Value? = hasAddend ? try inputs.required(1) : nil
        let (source, addition) = (try x.floats(), try addend?.floats())
        try multiply(source, addition, into: result, context.compute)
        return [Value(floats: result)]
    }

    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let x = try node.input(0, .rowMajor), x.shape.count >= 1, x.count > 0, matrix.terms > 0 else {
            return false
        }
        let addend = hasAddend ? try node.input(1, .rowMajor) : nil
        if hasAddend, addend?.shape != node.outputShape() { return false }
        let y = node.result(node.outputShape())
        node.emit(reads: [x] + (addend.map { [$0] } ?? []), writes: [y]) { memory in
            let (terms, columns) = (matrix.terms, matrix.columns)
            let x = memory.tensor(x, as: [x.count / terms, terms])
            let y = memory.tensor(y, as: [y.count / columns, columns])
            let addend = addend.map { memory.tensor($0, as: y.shape) }
            return { try multiply(x, addend, into: y, $0) }
        }
        node.give(y)
        return true
    }

    private func multiply(_ x: Tensor, _ addend: Tensor?, into y: Tensor, _ compute: Compute) throws {
        guard y.count > 0 else { return }
        compute.product(x, try matrix.packed(compute), bias: bias?.numbers, addend: addend, function, into: y)
    }

    private func outputShape(_ x: [Int]) throws -> [Int] {
        guard let depth = x.last, depth == matrix.terms || depth == -1 else {
            throw MLOpsError(
                .invalidArgument,
                "Tensors \(x) and [\(matrix.terms), \(matrix.columns)] can't be multiplied as matrices.",
                help: "Give […, M, K] and […, K, N].")
        }
        return x.dropLast() + [matrix.columns]
    }
}
