internal import MLOpsCore

/// `BitwiseNot`: every bit turned.
struct BitwiseNotOperator: Operator {
    static let name = "BitwiseNot"
    static let operatorSets = 18...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.expectWhole()
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try result(x.elementType.expectWhole(), x, in: context)]
    }

    private func result<Element: WholeElement>(
        _ type: Element.Type, _ x: Value, in context: RunContext
    ) throws -> Value {
        try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in for i in source.indices { target[i] = ~source[i] } }
        }
    }
}
