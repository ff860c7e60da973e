internal import MLOpsCore

/// An operator that asks something of each float by itself.
protocol RealPredicate: Operator {
    /// Whether it holds.
    func holds(_ x: Double) -> Bool
}

extension RealPredicate {
    static var inputCount: ClosedRange<Int> { 1...1 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.real()
        return [ValueType(.bool, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try result(x.elementType.real(), x, in: context)]
    }

    private func result<Element: CastableElement>(
        _ type: Element.Type, _ x: Value, in context: RunContext
    ) throws -> Value {
        try context.make(.bool, x.shape, as: UInt8.self) { target in
            x.read(as: type) { source in for i in source.indices { target[i] = holds(source[i].real) ? 1 : 0 } }
        }
    }
}
