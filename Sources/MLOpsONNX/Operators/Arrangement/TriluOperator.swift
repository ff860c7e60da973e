internal import MLOpsCore

/// `Trilu`: the upper or the lower triangle of each matrix, from a diagonal on, and zeros elsewhere.
struct TriluOperator: Operator {
    static let name = "Trilu"
    static let operatorSets = 14...ONNXDocument.latestOperatorSet
    static let inputCount = 1...2
    private let isUpper: Bool

    init(_ node: inout NodeReader) throws { isUpper = try node.flag("upper", default: true) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let diagonal: ValueType? = inputs.optional(1)
        _ = try x.elementType.carrier()
        try diagonal?.expectIndices()
        if let shape = x.shape { try check(shape) }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        try check(x.shape)
        let diagonal = try (inputs.optional(1) as Value?)?.integer("The diagonal") ?? 0
        return [try triangle(x.elementType.carrier(), x, diagonal, in: context)]
    }

    private func triangle<Element: NumericElement>(
        _ type: Element.Type, _ x: Value, _ diagonal: Int, in context: RunContext
    ) throws -> Value {
        let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
        // A diagonal beyond the matrix is as good as the one just outside.
        let diagonal = min(max(diagonal, -rows - 1), columns + 1)
        return try context.make(x.elementType, x.shape, as: type) { target in
            x.read(as: type) { source in
                for i in target.indices {
                    let distance = i % columns - i / columns % rows - diagonal
                    target[i] = (isUpper ? distance >= 0 : distance <= 0) ? source[i] : .zero
                }
            }
        }
    }

    private func check(_ shape: [Int]) throws {
        guard shape.count >= 2 else {
            throw MLOpsError(.invalidArgument, "The input has the shape \(shape).", help: "Give matrices.")
        }
    }
}
