internal import MLOpsCore

/// An operator that joins any number of tensors of one type, broadcast to one shape, element by element.
protocol VariadicArithmetic: Operator {
    init()
    /// The result for one pair of elements.
    static func apply<Element: NumericElement>(_ a: Element, _ b: Element) -> Element
    /// What becomes of the result for all of so many inputs.
    static func finish(_ result: Value, count: Int, in context: RunContext) throws -> Value
}

extension VariadicArithmetic {
    static var operatorSets: ClosedRange<Int> { 8...ONNXDocument.latestOperatorSet }
    static var inputCount: ClosedRange<Int> { 1...Int.max }

    init(_ node: inout NodeReader) throws { self.init() }

    static func finish(_ result: Value, count: Int, in context: RunContext) throws -> Value { result }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        var result: ValueType = try inputs.required(0)
        _ = try result.elementType.numeric()
        for index in inputs.indices.dropFirst() {
            result = try .broadcast(result, inputs.required(index), to: result.elementType)
        }
        return [result.reshaped(result.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        var result: Value = try inputs.required(0)
        for index in inputs.indices.dropFirst() {
            let next: Value = try inputs.required(index)
            try ValueType.expectOneType(result.elementType, next.elementType)
            result = try join(result.elementType.numeric(), result, next, in: context)
        }
        return [try Self.finish(result, count: inputs.count, in: context)]
    }

    private func join<Element: NumericElement>(
        _ type: Element.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: type, b, as: type, to: a.elementType, as: type) { Self.apply($0, $1) }
    }
}
