internal import MLOpsCore

/// An operator that puts together all elements up to each one along an axis, or with `exclusive` those before it; with
/// `reverse` from the end.
protocol Cumulation: Operator {
    var order: CumulationOrder { get }
    init(order: CumulationOrder)
    /// What no elements come to.
    static func start<Element: NumericElement>() -> Element
    static func join<Element: NumericElement>(_ a: Element, _ b: Element) -> Element
}

/// Which elements are put together.
struct CumulationOrder: Sendable {
    let isExclusive: Bool
    let isReverse: Bool
}

extension Cumulation {
    static var inputCount: ClosedRange<Int> { 2...2 }

    init(_ node: inout NodeReader) throws {
        self.init(
            order: CumulationOrder(
                isExclusive: try node.flag("exclusive", default: false),
                isReverse: try node.flag("reverse", default: false)))
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
                    var sum: Element = Self.start()
                    for step in 0..<extent {
                        let place = start + (order.isReverse ? extent - 1 - step : step) * inner
                        let next = Self.join(sum, source[place])
                        target[place] = order.isExclusive ? sum : next
                        sum = next
                    }
                }
            }
        }
    }
}
