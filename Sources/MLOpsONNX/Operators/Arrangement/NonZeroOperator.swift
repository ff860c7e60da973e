internal import MLOpsCore

/// `NonZero`: the coordinates of all elements that are not 0, one column for each.
struct NonZeroOperator: Operator {
    static let name = "NonZero"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        _ = try x.elementType.castable()
        return [ValueType(.int64, [x.shape?.count ?? -1, -1])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let places = try places(x.elementType.castable(), x)
        let strides = Arrangement.strides(of: x.shape)
        return [
            try context.make(.int64, [x.shape.count, places.count], as: Int64.self) { target in
                for axis in x.shape.indices {
                    for (column, place) in places.enumerated() {
                        target[axis * places.count + column] = Int64(place / strides[axis] % x.shape[axis])
                    }
                }
            }
        ]
    }

    private func places<Element: CastableElement>(_ type: Element.Type, _ x: Value) -> [Int] {
        x.read(as: type) { source in source.indices.filter { source[$0].real != 0 } }
    }
}
