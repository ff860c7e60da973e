internal import MLOpsCore

/// An operator that takes each number by itself, whole ones too.
protocol UnaryNumeric: Operator {
    init()
    /// The result for one element.
    static func apply<Element: NumericElement>(_ x: Element) -> Element
}

extension UnaryNumeric {
    static var inputCount: ClosedRange<Int> { 1...1 }

    init(_ node: inout NodeReader) throws { self.init() }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.numeric()
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        if x.elementType == .float32 {
            return [
                try x.mapFloats { source, target in for i in source.indices { target[i] = Self.apply(source[i]) } }
            ]
        }
        return [try result(x.elementType.numeric(), x, in: context)]
    }

    private func result<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, in context: RunContext
    ) throws -> Value {
        try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in for i in source.indices { target[i] = Self.apply(source[i]) } }
        }
    }
}
