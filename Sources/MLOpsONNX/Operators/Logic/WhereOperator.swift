internal import MLOpsCore

/// `Where`: the elements of one tensor where a condition holds, else those of another, with broadcasting.
struct WhereOperator: ElementMover {
    static let name = "Where"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 3...3

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let condition: ValueType = try inputs.required(0)
        let x: ValueType = try inputs.required(1)
        try condition.elementType.expectTruth()
        _ = try x.elementType.carrier()
        let both = try ValueType.broadcast(x, inputs.required(2), to: x.elementType)
        guard let shape = both.shape, let other = condition.shape else { return [both.reshaped(nil)] }
        return [both.reshaped(try Broadcast.shape(shape, other))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let condition: Value = try inputs.required(0)
        let x: Value = try inputs.required(1)
        let y: Value = try inputs.required(2)
        try condition.elementType.expectTruth()
        try ValueType.expectOneType(x.elementType, y.elementType)
        return [try choose(x.elementType.carrier(), condition, x, y, in: context)]
    }

    private func choose<Element: NumericElement>(
        _ type: Element.Type, _ condition: Value, _ x: Value, _ y: Value, in context: RunContext
    ) throws -> Value {
        let shape = try Broadcast.shape(Broadcast.shape(x.shape, y.shape), condition.shape)
        let strides = [condition, x, y].map { Broadcast.strides(of: $0.shape, in: shape) }
        let (steps, width) = (strides.map { $0.last ?? 0 }, shape.last ?? 1)
        return try context.make(x.elementType, shape, as: type) { target in
            condition.read(as: UInt8.self) { condition in
                x.read(as: type) { x in
                    y.read(as: type) { y in
                        Broadcast.forEachRow(of: shape, strides: strides) { row, starts in
                            for i in 0..<width {
                                let isFirst = condition[starts[0] + i * steps[0]] != 0
                                target[row + i] = isFirst ? x[starts[1] + i * steps[1]] : y[starts[2] + i * steps[2]]
                            }
                        }
                    }
                }
            }
        }
    }
}
