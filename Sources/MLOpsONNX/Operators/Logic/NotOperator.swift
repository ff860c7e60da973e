internal import MLOpsCore

/// `Not`: what is true becomes false, and the other way round.
struct NotOperator: Operator {
    static let name = "Not"
    static let inputCount = 1...1

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        try x.elementType.expectTruth()
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        try x.elementType.expectTruth()
        return [
            try context.make(.bool, x.shape, as: UInt8.self) { target in
                x.read(as: UInt8.self) { source in for i in source.indices { target[i] = source[i] == 0 ? 1 : 0 } }
            }
        ]
    }
}
