internal import MLOpsCore

/// `OptionalGetElement`: the value of an optional that has one.
struct OptionalGetElementOperator: Operator {
    static let name = "OptionalGetElement"
    static let operatorSets = 15...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let isSequence = x.form == .sequence || x.form == .optionalSequence
        return [ValueType(isSequence ? .sequence : .tensor, x.elementType, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let value: Value = try inputs.required(0)
        guard !value.isAbsent else {
            throw MLOpsError(
                .invalidArgument, "The optional has no value.", help: "Ask OptionalHasElement before.")
        }
        return [value]
    }
}
