internal import MLOpsCore
internal import MLOpsTensor

/// An operator that takes each float by itself, wherever it lies; those of 16 bits are computed with in 64.
protocol UnaryArithmetic: Operator {
    /// The result for one element.
    func apply(_ x: Float) -> Float
    /// The result for one element.
    func apply(_ x: Double) -> Double
}

extension UnaryArithmetic {
    static var inputCount: ClosedRange<Int> { 1...1 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.real()
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        if x.elementType == .float32 {
            let op = self as? any ElementFunctionOperator
            if let function = op?.elementFunction([ValueType(x.elementType, x.shape)]) {
                return [try x.mapTensor { context.compute.map($0, function, into: $1) }]
            }
            return [try x.mapFloats { source, target in for i in source.indices { target[i] = apply(source[i]) } }]
        }
        return [try result(x.elementType.real(), x, in: context)]
    }

    private func result<Element: CastableElement>(
        _ type: Element.Type, _ x: Value, in context: RunContext
    ) throws -> Value {
        try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in
                for i in source.indices { target[i] = Element(rounding: apply(source[i].real)) }
            }
        }
    }
}
