internal import MLOpsCore

/// `DequantizeLinear`: (x − zero point) · scale.
struct DequantizeLinearOperator: Operator {
    static let name = "DequantizeLinear"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...3
    let axis: Int
    private let blockSize: Int
    private let target: ElementType?
    /// Whether scales are given for all or along an axis, and not for blocks.
    var isPlain: Bool { blockSize == 0 }

    init(_ node: inout NodeReader) throws {
        (axis, blockSize) = try QuantizationScale.attributes(&node)
        let number = node.operatorSet >= 23 ? try node.int("output_dtype") ?? 0 : 0
        target = number == 0 ? nil : try ElementType(onnx: number, in: "the result")
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let scale: ValueType = try inputs.required(1)
        _ = try x.elementType.quantized()
        _ = try scale.elementType.real()
        if let zero: ValueType = inputs.optional(2) { try ValueType.expectOneType(zero.elementType, x.elementType) }
        if let shape = x.shape, let scales = scale.shape, !shape.contains(-1), !scales.contains(-1) {
            _ = try QuantizationScale(shape, scale: scales, axis: axis, blockSize: blockSize)
        }
        let type = target ?? scale.elementType
        _ = try type.real()
        return [ValueType(type, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let scale: Value = try inputs.required(1)
        let places = try QuantizationScale(x.shape, scale: scale.shape, axis: axis, blockSize: blockSize)
        let scales = try scale.reals()
        let zeros = try (inputs.optional(2) as Value?)?.reals() ?? [Double](repeating: 0, count: scales.count)
        guard zeros.count == scales.count else {
            throw MLOpsError(
                .invalidArgument, "There are \(zeros.count) zero points for \(scales.count) scales.",
                help: "Give one for each.")
        }
        let type = target ?? scale.elementType
        return [
            try dequantize(
                x.elementType.quantized(), type.real(), x, type, places, scales, zeros, in: context)
        ]
    }

    private func dequantize<Source: WholeElement, Target: CastableElement>(
        _: Source.Type, _: Target.Type, _ x: Value, _ type: ElementType, _ places: QuantizationScale,
        _ scales: [Double], _ zeros: [Double], in context: RunContext
    ) throws -> Value {
        try context.make(type, x.shape, as: Target.self) { target in
            x.read(as: Source.self) { source in
                for i in source.indices {
                    let place = places.place(i)
                    target[i] = Target(rounding: Double(Float((source[i].real - zeros[place]) * scales[place])))
                }
            }
        }
    }
}
