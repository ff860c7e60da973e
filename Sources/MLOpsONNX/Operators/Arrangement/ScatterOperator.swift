/// `Scatter`: what `ScatterElements` was called before operator set 11.
struct ScatterOperator: Operator {
    static let name = "Scatter"
    static let operatorSets = 9...10
    static let inputCount = 3...3
    private let elements: ScatterElementsOperator

    init(_ node: inout NodeReader) throws { elements = try ScatterElementsOperator(&node) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] { try elements.infer(inputs) }
    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { try elements.run(inputs, in: context) }
}
