internal import MLOpsCore

/// `BitCast`: the bits of the elements as another type of the same width.
struct BitCastOperator: Operator {
    static let name = "BitCast"
    static let operatorSets = 26...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    private let target: ElementType

    init(_ node: inout NodeReader) throws {
        guard let number = try node.int("to") else {
            throw MLOpsError(.invalidArgument, "The attribute 'to' is missing.", help: "Give the type to cast to.")
        }
        target = try ElementType(onnx: number, in: "the result")
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard let width = x.elementType.byteCount, target.byteCount == width else {
            throw MLOpsError(
                .invalidArgument, "Elements \(x.elementType.rawValue) are not as wide as \(target.rawValue).",
                help: "Use a type of the same width.")
        }
        return [ValueType(target, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [Value(try TensorValue(target, shape: x.shape, bytes: x.bytes))]
    }
}
