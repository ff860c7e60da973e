internal import MLOpsCore

/// An operator that joins the bits of two tensors of whole numbers, broadcast to one shape, element by element.
protocol BitwiseOperation: Operator {
    init()
    /// The result for one pair of elements.
    static func apply<Element: FixedWidthInteger>(_ a: Element, _ b: Element) -> Element
}

extension BitwiseOperation {
    static var operatorSets: ClosedRange<Int> { 18...ONNXDocument.latestOperatorSet }
    static var inputCount: ClosedRange<Int> { 2...2 }

    init(_ node: inout NodeReader) throws { self.init() }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        _ = try a.elementType.expectWhole()
        return [try .broadcast(a, inputs.required(1), to: a.elementType)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        try ValueType.expectOneType(a.elementType, b.elementType)
        return [try result(a.elementType.expectWhole(), a, b, in: context)]
    }

    private func result<Element: WholeElement>(
        _ type: Element.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: type, b, as: type, to: a.elementType, as: type) { Self.apply($0, $1) }
    }
}

extension ElementType {
    /// The Swift type of whole numbers; throws `unsupported` for all else.
    func expectWhole() throws -> any WholeElement.Type {
        guard let whole else { throw MLOpsError.unsupported(self, instead: "INT64") }
        return whole
    }
}
