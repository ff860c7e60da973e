internal import MLOpsCore

/// `MatMulInteger`: the product of matrices of 8-bit numbers less their zero points, in 32 bits.
struct MatMulIntegerOperator: Operator {
    static let name = "MatMulInteger"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...4

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        let b: ValueType = try inputs.required(1)
        try IntegerMatrix.expectBytes(a.elementType)
        try IntegerMatrix.expectBytes(b.elementType)
        guard let x = a.shape, let y = b.shape else { return [ValueType(.int32, nil)] }
        return [ValueType(.int32, try MatrixProductShape(x, y).shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        let shapes = try MatrixProductShape(a.shape, b.shape)
        let product = try IntegerMatrix.product(
            IntegerMatrix.shifted(a, zero: inputs.optional(2), isRows: true),
            IntegerMatrix.shifted(b, zero: inputs.optional(3), isRows: false), shapes, in: context)
        return [
            try context.make(.int32, shapes.shape, as: Int32.self) { target in _ = target.initialize(from: product) }
        ]
    }
}
