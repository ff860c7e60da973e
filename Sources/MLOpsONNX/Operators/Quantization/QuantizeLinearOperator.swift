internal import MLOpsCore

/// `QuantizeLinear`: x / scale, rounded to the nearest whole number (ties to even), plus the zero point, within the range
/// of the type.
struct QuantizeLinearOperator: Operator {
    static let name = "QuantizeLinear"
    static let operatorSets = 10...ONNXDocument.latestOperatorSet
    static let inputCount = 2...3
    private let axis: Int
    private let blockSize: Int
    private let target: ElementType?
    private let precision: ElementType?
    /// Whether numbers are divided as they are, and scales are not given for blocks.
    var isPlain: Bool { blockSize == 0 && precision == nil }

    init(_ node: inout NodeReader) throws {
        (axis, blockSize) = try QuantizationScale.attributes(&node)
        // Only for 8-bit floats, which are not among the types that are read.
        if node.operatorSet >= 19 { _ = try node.int("saturate") }
        func type(_ name: String, since: Int, _ node: inout NodeReader) throws -> ElementType? {
            guard node.operatorSet >= since, let number = try node.int(name), number != 0 else { return nil }
            return try ElementType(onnx: number, in: "the result")
        }
        target = try type("output_dtype", since: 21, &node)
        precision = try type("precision", since: 23, &node)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let scale: ValueType = try inputs.required(1)
        let zero: ValueType? = inputs.optional(2)
        _ = try x.elementType.castable()
        _ = try scale.elementType.real()
        if let zero, let target { try ValueType.expectOneType(zero.elementType, target) }
        let type = target ?? zero?.elementType ?? .uint8
        _ = try type.quantized()
        if let shape = x.shape, let scales = scale.shape, !shape.contains(-1), !scales.contains(-1) {
            _ = try QuantizationScale(shape, scale: scales, axis: axis, blockSize: blockSize)
        }
        return [ValueType(type, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let scale: Value = try inputs.required(1)
        let zero: Value? = inputs.optional(2)
        let places = try QuantizationScale(x.shape, scale: scale.shape, axis: axis, blockSize: blockSize)
        let scales = try scale.reals()
        let zeros = try zero?.reals() ?? [Double](repeating: 0, count: scales.count)
        guard zeros.count == scales.count else {
            throw MLOpsError(
                .invalidArgument, "There are \(zeros.count) zero points for \(scales.count) scales.",
                help: "Give one for each.")
        }
        let type = target ?? zero?.elementType ?? .uint8
        // Halves are divided in their own precision.
        let isHalf = (precision ?? x.elementType) == .float16
        return [try quantize(type.quantized(), x.reals(), x.shape, type, places, scales, zeros, isHalf, in: context)]
    }

    private func quantize<Element: WholeElement>(
        _: Element.Type, _ x: [Double], _ shape: [Int], _ type: ElementType, _ places: QuantizationScale,
        _ scales: [Double], _ zeros: [Double], _ isHalf: Bool, in context: RunContext
    ) throws -> Value {
        try context.make(type, shape, as: Element.self) { target in
            for i in x.indices {
                let place = places.place(i)
                let quotient =
                    isHalf
                    ? HalfElement<Float16Format>(rounding: x[i] / scales[place]).real
                    : Double(Float(x[i]) / Float(scales[place]))
                target[i] = Element(rounding: quotient.rounded(.toNearestOrEven) + zeros[place])
            }
        }
    }
}
