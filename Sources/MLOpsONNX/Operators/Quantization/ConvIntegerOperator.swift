internal import MLOpsCore

/// `ConvInteger`: the convolution of 8-bit numbers less their zero points, in 32 bits.
struct ConvIntegerOperator: Operator {
    static let name = "ConvInteger"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...4
    private let convolution: IntegerConvolution

    init(_ node: inout NodeReader) throws { convolution = try IntegerConvolution(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let weights: ValueType = try inputs.required(1)
        try IntegerMatrix.expectBytes(x.elementType)
        try IntegerMatrix.expectBytes(weights.elementType)
        guard let shape = x.shape, let kernel = weights.shape, !kernel.contains(-1) else {
            return [ValueType(.int32, nil)]
        }
        return [ValueType(.int32, try convolution.shape(shape, kernel))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let weights: Value = try inputs.required(1)
        let shape = try convolution.shape(x.shape, weights.shape)
        let sums = try convolution.sums(
            IntegerMatrix.shifted(x, zero: inputs.optional(2), isRows: false), x.shape,
            weights.shiftedByOutput(zero: inputs.optional(3)), weights.shape, in: context)
        return [try context.make(.int32, shape, as: Int32.self) { target in _ = target.initialize(from: sums) }]
    }
}

extension Value {
    /// Weights [K, …] less a zero point: one for all, or one for each output.
    func shiftedByOutput(zero: Value?) throws -> [Int32] {
        let elements = try IntegerMatrix.wholes(self)
        guard let zero else { return elements }
        let zeros = try IntegerMatrix.wholes(zero)
        guard zeros.count == 1 || zeros.count == shape[0] else {
            throw MLOpsError(
                .invalidArgument, "There are \(zeros.count) zero points for weights \(shape).",
                help: "Give one for all, or one for each output.")
        }
        let size = max(shape.dropFirst().reduce(1, *), 1)
        return elements.indices.map { elements[$0] &- zeros[zeros.count == 1 ? 0 : $0 / size] }
    }
}
