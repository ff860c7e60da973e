internal import MLOpsCore
internal import MLOpsTensor

/// `Relu`: max(x, 0).
struct ReluOperator: ElementFunctionOperator {
    static let name = "Relu"
    static let inputCount = 1...1

    init(_ node: inout NodeReader) throws {}

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? {
        inputs.first??.elementType == .float32 ? .relu : nil
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.numeric()
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        if x.isImage {
            let source = try x.image()
            let target = try context.tensor(source.shape)
            context.compute.relu(source, into: target)
            return [Value(image: target)]
        }
        if x.elementType == .float32 { return [try relu(Float.self, x, in: context)] }
        return [try relu(x.elementType.numeric(), x, in: context)]
    }

    private func relu<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, in context: RunContext
    ) throws -> Value {
        try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in
                for i in source.indices { target[i] = source[i] < .zero ? .zero : source[i] }
            }
        }
    }
}
