internal import MLOpsCore

/// `Size`: the number of elements, as a 64-bit integer.
struct SizeOperator: Operator {
    static let name = "Size"
    static let inputCount = 1...1

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard let shape = x.shape, !shape.contains(-1), Axes.product(shape) >= 0 else { return [ValueType(.int64, [])] }
        return [ValueType(Value.make(.int64, [], as: Int64.self) { $0[0] = Int64(Axes.product(shape)) })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try context.make(.int64, [], as: Int64.self) { $0[0] = Int64(x.count) }]
    }
}
