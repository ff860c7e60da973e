internal import MLOpsCore

/// `Optional`: a value as one that may be missing.
struct OptionalOperator: Operator {
    static let name = "Optional"
    static let operatorSets = 15...ONNXDocument.latestOperatorSet
    static let inputCount = 0...1
    static let takesEveryForm = true

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        guard let x: ValueType = inputs.optional(0) else {
            throw MLOpsError(
                .unsupported, "An optional without a value can't be made.", help: "Export the model without it.")
        }
        return [ValueType(x.form == .sequence ? .optionalSequence : .optional, x.elementType, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] { [try inputs.required(0)] }
}
