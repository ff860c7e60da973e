internal import MLOpsCore
internal import MLOpsTensor

/// An ``ElementFunction`` that was written as several operators; no operator of the standard.
struct FunctionOperator: Operator, ElementFunctionOperator {
    static let name = "Function"
    static let inputCount = 1...1
    let function: ElementFunction

    init(_ function: ElementFunction) { self.function = function }
    init(_ node: inout NodeReader) throws { throw MLOpsError.unsupported(.float32, instead: "an operator") }

    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction? { function }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try x.mapTensor { context.compute.map($0, function, into: $1) }]
    }
}

/// An operator that computes an ``ElementFunction`` of each float.
protocol ElementFunctionOperator: Operator {
    /// The function, given what is known of the inputs; `nil` when it is none on vectors.
    func elementFunction(_ inputs: [ValueType?]) -> ElementFunction?
}
