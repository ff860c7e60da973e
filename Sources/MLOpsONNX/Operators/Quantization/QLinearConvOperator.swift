internal import MLOpsCore

/// `QLinearConv`: the convolution of quantized numbers, with a bias of their products' scale, quantized.
struct QLinearConvOperator: Operator {
    static let name = "QLinearConv"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 8...9
    private let convolution: IntegerConvolution

    init(_ node: inout NodeReader) throws { convolution = try IntegerConvolution(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let weights: ValueType = try inputs.required(3)
        let zero: ValueType = try inputs.required(7)
        for index in [1, 4, 6] { _ = try (inputs.required(index) as ValueType).elementType.real() }
        for type in [x, weights, zero] { try IntegerMatrix.expectBytes(type.elementType) }
        if let bias: ValueType = inputs.optional(8), bias.elementType != .int32 {
            throw MLOpsError.unsupported(bias.elementType, instead: "INT32")
        }
        guard let shape = x.shape, let kernel = weights.shape, !kernel.contains(-1) else {
            return [ValueType(zero.elementType, nil)]
        }
        return [ValueType(zero.elementType, try convolution.shape(shape, kernel))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let weights: Value = try inputs.required(3)
        let zero: Value = try inputs.required(7)
        let shape = try convolution.shape(x.shape, weights.shape)
        var sums = try convolution.sums(
            IntegerMatrix.shifted(x, zero: inputs.required(2), isRows: false), x.shape,
            weights.shiftedByOutput(zero: inputs.required(5)), weights.shape, in: context)
        let outputs = shape[1]
        let plane = shape[2...].reduce(1, *)
        let scaleX = try (inputs.required(1) as Value).reals()
        let scaleW = try (inputs.required(4) as Value).reals()
        let scaleY = try (inputs.required(6) as Value).reals()
        let bias = try (inputs.optional(8) as Value?)?.integers()
        guard scaleX.count == 1, scaleY.count == 1, scaleW.count == 1 || scaleW.count == outputs,
            bias == nil || bias?.count == outputs
        else {
            throw MLOpsError(
                .invalidArgument,
                "There are \(scaleX.count), \(scaleW.count) and \(scaleY.count) scales and \(bias?.count ?? 0) biases.",
                help: "Give one scale for the input and the result, and one for all or each of the outputs.")
        }
        if let bias { for i in sums.indices { sums[i] &+= Int32(truncatingIfNeeded: bias[i / plane % outputs]) } }
        return [
            try Requantization.apply(sums, shape, as: zero.elementType, zero: zero, in: context) { i in
                scaleX[0] * scaleW[scaleW.count == 1 ? 0 : i / plane % outputs] / scaleY[0]
            }
        ]
    }
}
