internal import MLOpsCore

/// An operator that compares two tensors of one type, broadcast to one shape, element by element.
protocol Comparison: Operator {
    init()
    /// Whether it holds for one pair of elements.
    static func holds<Element: Comparable>(_ a: Element, _ b: Element) -> Bool
}

extension Comparison {
    static var inputCount: ClosedRange<Int> { 2...2 }

    init(_ node: inout NodeReader) throws { self.init() }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let a: ValueType = try inputs.required(0)
        _ = try a.elementType.comparable()
        return [try .broadcast(a, inputs.required(1), to: .bool)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let a: Value = try inputs.required(0)
        let b: Value = try inputs.required(1)
        try ValueType.expectOneType(a.elementType, b.elementType)
        return [try result(a.elementType.comparable(), a, b, in: context)]
    }

    private func result<Element: NumericElement>(
        _ type: Element.Type, _ a: Value, _ b: Value, in context: RunContext
    ) throws -> Value {
        try context.combine(a, as: type, b, as: type, to: .bool, as: UInt8.self) { Self.holds($0, $1) ? 1 : 0 }
    }
}

extension ElementType {
    /// The Swift type to compare in: that of numbers, and bytes of 0 and 1 for truth values.
    func comparable() throws -> any NumericElement.Type { self == .bool ? UInt8.self : try numeric() }
}
