internal import MLOpsCore

/// `Unsqueeze`: dimensions of extent 1 put in, at places of the result. Since operator set 13 axes are an input.
struct UnsqueezeOperator: Operator {
    static let name = "Unsqueeze"
    static let inputCount = 1...2
    private let fixedAxes: [Int]?

    init(_ node: inout NodeReader) throws {
        fixedAxes = node.operatorSet < 13 ? try node.ints("axes") : nil
        guard fixedAxes != nil || node.inputCount == 2 else {
            throw MLOpsError(.invalidArgument, "The axes are missing.", help: "Give the axes.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let axes: ValueType? = inputs.optional(1)
        guard let shape = x.shape, let wanted = try fixedAxes ?? axes?.constant?.integers() else {
            return [x.reshaped(nil)]
        }
        return [x.reshaped(try unsqueezed(shape, wanted))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let axes: [Int]
        if let fixedAxes {
            axes = fixedAxes
        } else {
            let input: Value = try inputs.required(1)
            axes = try input.integers()
        }
        let shape = try unsqueezed(x.shape, axes)
        try context.limits.elementCount(of: shape, in: "a result")
        return [x.reshaped(shape)]
    }

    private func unsqueezed(_ shape: [Int], _ axes: [Int]) throws -> [Int] {
        let rank = shape.count + axes.count
        let new = Set(try Axes.normalized(axes, rank: rank))
        var rest = shape.makeIterator()
        return (0..<rank).map { new.contains($0) ? 1 : rest.next() ?? 1 }
    }
}
