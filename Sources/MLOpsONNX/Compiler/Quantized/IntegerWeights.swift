internal import MLOpsCore
internal import MLOpsTensor

/// The weights of an integer step, and how its sums become the result.
struct IntegerWeights: Sendable {
    let weights: QuantizedWeights
    /// The zero point of the input.
    let inputZero: Int
    let result: MLOpsTensor.Requantization
    /// The type of the result.
    let elementType: ElementType

    /// Takes in weights; `nil` when their scales and bias can't be those of integers.
    ///
    /// - Parameters:
    ///   - constant: the weights, with one scale for all or one for each output.
    ///   - axes: the constant's axes as [R, S, C / groups, K] asks for them.
    ///   - shape: [R, S, C / groups, K].
    ///   - bias: the bias in real numbers; empty for none.
    init?(
        _ constant: QuantizedConstant, axes: [Int], shape: [Int], groups: Int, bias: [Double], input: Quantization,
        output: Quantization, as elementType: ElementType, relu: Bool
    ) {
        let outputs = shape[3]
        guard constant.scales.count == 1 || constant.scales.count == outputs && constant.axis == axes.last,
            ValueType(constant.value).isBytes, groups > 0, outputs % groups == 0,
            !shape.contains(0), bias.isEmpty || bias.count == outputs
        else { return nil }
        let multipliers = constant.scales.map { Float(Double(input.scale) * $0 / Double(output.scale)) }
        guard multipliers.allSatisfy({ $0.isFinite && $0 > 0 }) else { return nil }
        var integers: [Int32]?
        if !bias.isEmpty {
            var list: [Int32] = []
            for (index, number) in bias.enumerated() {
                let unit = Double(input.scale) * constant.scales[constant.scales.count == 1 ? 0 : index]
                guard let integer = Int32(exactly: (number / unit).rounded(.toNearestOrEven)) else { return nil }
                list.append(integer)
            }
            integers = list
        }
        let strides = Arrangement.strides(of: constant.value.shape)
        weights = QuantizedWeights(
            constant.value.bytes, shape: shape,
            strides: [Int](repeating: 0, count: 4 - axes.count) + axes.map { strides[$0] },
            isSigned: constant.value.elementType == .int8,
            zeroPoints: constant.zeroPoints, groups: groups)
        inputZero = input.zeroPoint
        result = MLOpsTensor.Requantization(
            multipliers: multipliers, bias: integers, zeroPoint: output.zeroPoint, relu: relu)
        self.elementType = elementType
    }
}

/// A convolution of 8-bit integers with constant weights, a bias and a rectification, quantized again.
struct IntegerConvolutionStep: IntegerStep, PackingOperator {
    static let name = "Conv"
    static let inputCount = 1...1
    let convolution: ConvOperator
    /// [K, C / groups, R, S].
    let kernelShape: [Int]
    let weights: IntegerWeights

    var elementType: ElementType { weights.elementType }
    var title: String { "Conv" + (weights.result.relu ? "+Relu" : "") + " (integers)" }

    func shape(_ inputs: [ValueType?]) throws -> [Int]? {
        let x: ValueType = try inputs.required(0)
        return try convolution.infer([ValueType(.float32, x.shape), ValueType(.float32, kernelShape)])[0].shape
    }

    var packedByteCount: Int { weights.weights.packedByteCount }

    func pack(for inputs: [ValueType?], in context: RunContext) throws {
        weights.weights.pack(dilationX: convolution.dilationX, context.compute)
    }

    func kernel(_ shapes: [[Int]]) throws -> (@Sendable (Compute, [QuantizedTensor], QuantizedTensor) -> Void)? {
        // Of no pixels, padding alone can make an output.
        guard !shapes[0].contains(0) else { return nil }
        let geometry = try convolution.geometry(shapes[0], weights: kernelShape).0
        return { [weights] compute, xs, y in
            guard y.count > 0 else { return }
            compute.convolution(
                xs[0], zeroPoint: weights.inputZero, weights: weights.weights, geometry: geometry,
                into: .bytes(y, weights.result))
        }
    }
}

/// A product of 8-bit integers with a constant matrix, and a bias, quantized again.
struct IntegerProductStep: IntegerStep, PackingOperator {
    static let name = "MatMul"
    static let inputCount = 1...1
    let weights: IntegerWeights
    /// The operator that it stands for.
    let operatorName: String

    var elementType: ElementType { weights.elementType }
    var title: String { operatorName + (weights.result.relu ? "+Relu" : "") + " (integers)" }

    func shape(_ inputs: [ValueType?]) throws -> [Int]? {
        let x: ValueType = try inputs.required(0)
        guard let shape = x.shape, let last = shape.last else { return nil }
        guard last == -1 || last == weights.weights.shape[2] else {
            throw MLOpsError(
                .invalidArgument, "A value \(shape) can't be multiplied with \(weights.weights.shape[2]) rows.",
                help: "Give matrices that fit.")
        }
        return shape.dropLast() + [weights.weights.shape[3]]
    }

    var packedByteCount: Int { weights.weights.packedByteCount }

    func pack(for inputs: [ValueType?], in context: RunContext) throws {
        weights.weights.pack(dilationX: 1, context.compute)
    }

    func kernel(_ shapes: [[Int]]) throws -> (@Sendable (Compute, [QuantizedTensor], QuantizedTensor) -> Void)? {
        { [weights] compute, xs, y in
            guard y.count > 0, xs[0].count > 0 else { return }
            compute.matrixProduct(
                xs[0], zeroPoint: weights.inputZero, weights: weights.weights, into: .bytes(y, weights.result))
        }
    }
}
