internal import MLOpsCore

/// `Squeeze`: dimensions of extent 1 taken away: the given ones, or all. Since operator set 13 axes are an input.
struct SqueezeOperator: Operator {
    static let name = "Squeeze"
    static let inputCount = 1...2
    private let fixedAxes: [Int]?

    init(_ node: inout NodeReader) throws { fixedAxes = node.operatorSet < 13 ? try node.ints("axes") : nil }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let axes: ValueType? = inputs.optional(1)
        if let axes, axes.constant == nil { return [x.reshaped(nil)] }
        guard let shape = x.shape else { return [x.reshaped(nil)] }
        let wanted = try axes?.constant?.integers() ?? fixedAxes
        // Without axes, an extent that is not known may be one to take away.
        if wanted == nil, shape.contains(-1) { return [x.reshaped(nil)] }
        return [x.reshaped(try squeezed(shape, wanted))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let axes: Value? = inputs.optional(1)
        return [x.reshaped(try squeezed(x.shape, axes?.integers() ?? fixedAxes))]
    }

    private func squeezed(_ shape: [Int], _ axes: [Int]?) throws -> [Int] {
        guard let axes else { return shape.filter { $0 != 1 } }
        let wanted = try Axes.normalized(axes, rank: shape.count)
        guard wanted.allSatisfy({ shape[$0] == 1 || shape[$0] == -1 }) else {
            throw MLOpsError(
                .invalidArgument, "The axes \(axes) of the shape \(shape) are not all 1.",
                help: "Squeeze axes of extent 1.")
        }
        return shape.indices.filter { !wanted.contains($0) }.map { shape[$0] }
    }
}
