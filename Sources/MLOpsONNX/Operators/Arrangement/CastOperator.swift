internal import MLOpsCore
internal import MLOpsTensor

/// `Cast`: the elements as another type. Floats are rounded to the nearest, and toward zero for whole numbers, where
/// what is too large becomes the largest, and NaN 0; whole numbers that are too large lose their upper bits.
struct CastOperator: Operator {
    static let name = "Cast"
    static let inputCount = 1...1
    private let target: ElementType

    init(_ node: inout NodeReader) throws {
        guard let number = try node.int("to") else {
            throw MLOpsError(.invalidArgument, "The attribute 'to' is missing.", help: "Give the type to cast to.")
        }
        target = try ElementType(onnx: number, in: "the result")
        _ = try target.castable()
        // Only for 8-bit floats, which are not among the types that are read.
        if node.operatorSet >= 19 { _ = try node.int("saturate") }
        if node.operatorSet >= 24 { _ = try node.string("round_mode") }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.castable()
        return [ValueType(target, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        if x.elementType == target { return [x] }
        // Pixels by name, so that the compiler makes a loop of their own for them.
        if x.elementType == .uint8, target == .float32 {
            return [try Self.cast(x, UInt8.self, Float.self, to: target, in: context)]
        }
        return [try Self.cast(x, x.elementType.castable(), target.castable(), to: target, in: context)]
    }

    static func cast<Source: CastableElement, Target: CastableElement>(
        _ x: Value, _: Source.Type, _: Target.Type, to target: ElementType, in context: RunContext
    ) throws -> Value {
        try context.make(target, x.shape, as: Target.self) { result in
            x.read(as: Source.self) { elements in
                if Source.isWhole, Target.isWhole {
                    for i in elements.indices { result[i] = Target(wrapping: elements[i].whole) }
                } else {
                    for i in elements.indices { result[i] = Target(rounding: elements[i].real) }
                }
            }
        }
    }
}
