internal import MLOpsCore

/// An operator that takes each 32-bit or 64-bit float by itself, wherever it lies.
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
        guard x.elementType == .float32 || x.elementType == .float64 else {
            throw MLOpsError.unsupported(x.elementType, instead: "FP32")
        }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        guard x.elementType == .float64 else {
            return [try x.mapFloats { source, target in for i in source.indices { target[i] = apply(source[i]) } }]
        }
        return [
            try context.make(.float64, x.shape, as: Double.self) { target in
                x.read(as: Double.self) { source in for i in source.indices { target[i] = apply(source[i]) } }
            }
        ]
    }
}
