internal import MLOpsCore

/// `QLinearMatMul`: the product of quantized matrices, quantized.
struct QLinearMatMulOperator: Operator {
    static let name = "QLinearMatMul"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 8...8

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        let b: ValueType = try inputs.required(3)
        let zero: ValueType = try inputs.required(7)
        for index in [1, 4, 6] { _ = try (inputs.required(index) as ValueType).elementType.real() }
        for type in [a, b, zero] { try IntegerMatrix.expectBytes(type.elementType) }
        guard let x = a.shape, let y = b.shape else { return [ValueType(zero.elementType, nil)] }
        return [ValueType(zero.elementType, try MatrixProductShape(x, y).shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(3)
        let zero: Value = try inputs.required(7)
        let shapes = try MatrixProductShape(a.shape, b.shape)
        let sums = try IntegerMatrix.product(
            IntegerMatrix.shifted(a, zero: inputs.required(2), isRows: true),
            IntegerMatrix.shifted(b, zero: inputs.required(5), isRows: false), shapes, in: context)
        let scaleA = try (inputs.required(1) as Value).reals()
        let scaleB = try (inputs.required(4) as Value).reals()
        let scaleY = try (inputs.required(6) as Value).reals()
        let (rows, columns) = (shapes.rows, shapes.columns)
        guard scaleA.count == 1 || scaleA.count == rows, scaleB.count == 1 || scaleB.count == columns,
            scaleY.count == 1
        else {
            throw MLOpsError(
                .unsupported, "There are \(scaleA.count), \(scaleB.count) and \(scaleY.count) scales.",
                help: "Give one for all, one for each row of the first and one for each column of the second factor.")
        }
        return [
            try Requantization.apply(sums, shapes.shape, as: zero.elementType, zero: zero, in: context) { i in
                let a = scaleA[scaleA.count == 1 ? 0 : i / columns % rows]
                return a * scaleB[scaleB.count == 1 ? 0 : i % columns] / scaleY[0]
            }
        ]
    }
}
