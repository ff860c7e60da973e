internal import MLOpsCore
internal import MLOpsTensor

/// `ConstantOfShape`: a tensor of a given shape all of whose elements are one number; without `value`, the float 0.
struct ConstantOfShapeOperator: Operator {
    static let name = "ConstantOfShape"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    private let value: Value

    init(_ node: inout NodeReader) throws {
        guard let attribute = node.take("value") else {
            value = Value(try TensorValue(shape: [1], floats: [0]))
            return
        }
        guard case .tensor(let tensor) = attribute, tensor.shape.allSatisfy({ $0 == 1 }) else {
            throw MLOpsError(
                .invalidArgument, "The attribute 'value' is not a tensor of one element.", help: "Give one number.")
        }
        value = Value(tensor)
        _ = try value.elementType.carrier()
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let shape: ValueType = try inputs.required(0)
        try shape.expectIndices()
        return [ValueType(value.elementType, try shape.constant?.extents("The shape") ?? shape.openShape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let input: Value = try inputs.required(0)
        return [try fill(value.elementType.carrier(), input.extents("The shape"), in: context)]
    }

    private func fill<Element: NumericElement>(
        _ type: Element.Type, _ shape: [Int], in context: RunContext
    ) throws -> Value {
        let element = value.read(as: type) { $0[0] }
        return try context.make(value.elementType, shape, as: type) { $0.initialize(repeating: element) }
    }
}
