internal import MLOpsCore

/// `CumSum`: the sum of all elements up to each one along an axis, or with `exclusive` before it; with `reverse` from
/// the end.
struct CumSumOperator: Operator {
    static let name = "CumSum"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    private let isExclusive: Bool
    private let isReverse: Bool

    init(_ node: inout NodeReader) throws {
        isExclusive = try node.flag("exclusive", default: false)
        isReverse = try node.flag("reverse", default: false)
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let axis: ValueType = try inputs.required(1)
        _ = try x.elementType.numeric()
        try axis.expectIndices()
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let input: Value = try inputs.required(1)
        let axis = try Axes.normalized(input.integer("The axis"), rank: x.shape.count)
        return [try sums(x.elementType.numeric(), x, axis, in: context)]
    }

    private func sums<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, _ axis: Int, in context: RunContext
    ) throws -> Value {
        let extent = x.shape[axis]
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        return try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in
                for row in 0..<(target.isEmpty ? 0 : target.count / extent) {
                    let start = row / inner * extent * inner + row % inner
                    var sum = Element.zero
                    for step in 0..<extent {
                        let place = start + (isReverse ? extent - 1 - step : step) * inner
                        let next = Element.sum(sum, source[place])
                        target[place] = isExclusive ? sum : next
                        sum = next
                    }
                }
            }
        }
    }
}
