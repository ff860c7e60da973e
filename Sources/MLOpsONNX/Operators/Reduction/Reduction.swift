internal import MLOpsCore

/// An operator that makes one number of all elements along some axes. Floats are computed with in 64 bits.
protocol Reduction: Operator {
    /// The operator set since which the axes are an input.
    static var axesInputSince: Int { get }
    /// Whether whole numbers can be reduced; their results are rounded toward zero.
    static var takesWhole: Bool { get }
    /// Whether truth values can be reduced, as 0 and 1.
    static var takesTruth: Bool { get }

    /// The axes to run over.
    var axes: ReductionAxes { get }
    /// A reduction over the given axes.
    init(axes: ReductionAxes)
    /// The result for the elements of one row, which may be empty.
    static func reduce<Element: CastableElement>(_ row: UnsafeBufferPointer<Element>) -> Double
    /// The result for the whole numbers of one row; by default that of the real numbers.
    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element
}

extension Reduction {
    static var inputCount: ClosedRange<Int> { 1...2 }
    static var axesInputSince: Int { 18 }
    static var takesWhole: Bool { true }
    static var takesTruth: Bool { false }

    init(_ node: inout NodeReader) throws { self.init(axes: try ReductionAxes(&node, inputSince: Self.axesInputSince)) }

    static func reduce<Element: WholeElement>(whole row: UnsafeBufferPointer<Element>) -> Element {
        Element(rounding: reduce(row))
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let isTaken = x.elementType == .bool ? Self.takesTruth : x.elementType.isReal || Self.takesWhole
        guard isTaken else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        _ = try x.elementType.castable()
        return [x.reshaped(try axes.infer(x, inputs.optional(1)))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let input: Value? = inputs.optional(1)
        let gone = try axes.resolve(input?.integers(), rank: x.shape.count)
        let shape = axes.shape(x.shape, without: gone)
        let rows = try Arrangement.rows(x, along: gone, in: context)
        let size = gone.reduce(1) { $0 * x.shape[$1] }
        // Floats by name, so that the compiler makes a loop of their own for them.
        if x.elementType == .float32 { return [try reals(Float.self, rows, size, shape, in: context)] }
        if let whole = x.elementType.whole { return [try wholes(whole, rows, size, shape, in: context)] }
        return [try reals(x.elementType.castable(), rows, size, shape, in: context)]
    }

    private func reals<Element: CastableElement>(
        _ type: Element.Type, _ rows: Value, _ size: Int, _ shape: [Int], in context: RunContext
    ) throws -> Value {
        try context.make(rows.elementType, shape, as: type) { target in
            rows.read(as: type) { source in
                for i in target.indices {
                    let row = UnsafeBufferPointer(rebasing: source[(i * size)..<((i + 1) * size)])
                    // Of truth values, nothing but what is above 0 is true: not the maximum of no values.
                    let result = Self.reduce(row)
                    target[i] = Element(rounding: rows.elementType == .bool ? (result > 0 ? 1 : 0) : result)
                }
            }
        }
    }

    private func wholes<Element: WholeElement>(
        _ type: Element.Type, _ rows: Value, _ size: Int, _ shape: [Int], in context: RunContext
    ) throws -> Value {
        try context.make(rows.elementType, shape, as: type) { target in
            rows.read(as: type) { source in
                for i in target.indices {
                    let row = UnsafeBufferPointer(rebasing: source[(i * size)..<((i + 1) * size)])
                    target[i] = Self.reduce(whole: row)
                }
            }
        }
    }
}

extension Arrangement {
    /// The elements in an order in which those along some axes, given in rising order, lie one after another.
    static func rows(_ x: Value, along axes: [Int], in context: RunContext) throws -> Value {
        let kept = x.shape.indices.filter { !axes.contains($0) }
        let order = kept + axes
        if order == Array(x.shape.indices) { return x }
        let strides = strides(of: x.shape)
        return try copy(x, to: order.map { x.shape[$0] }, strides: order.map { strides[$0] }, in: context)
    }
}
