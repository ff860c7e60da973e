internal import MLOpsCore

/// `OptionalHasElement`: whether an optional has a value.
struct OptionalHasElementOperator: Operator {
    static let name = "OptionalHasElement"
    static let operatorSets = 15...ONNXDocument.latestOperatorSet
    static let inputCount = 0...1
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { [ValueType(.bool, [])] }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let value: Value? = inputs.optional(0)
        let has = value.map { !$0.isAbsent } ?? false
        return [try context.make(.bool, [], as: UInt8.self) { $0[0] = has ? 1 : 0 }]
    }
}
