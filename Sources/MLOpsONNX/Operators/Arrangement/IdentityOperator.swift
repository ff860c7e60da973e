/// `Identity`: the input unchanged.
struct IdentityOperator: Operator {
    static let name = "Identity"
    static let inputCount = 1...1
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { [try inputs.required(0)] }
    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { [try inputs.required(0)] }
}
