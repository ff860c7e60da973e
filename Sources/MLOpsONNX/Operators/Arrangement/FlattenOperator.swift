internal import MLOpsCore

/// `Flatten`: a matrix; the dimensions before `axis` become its rows, the others its columns.
struct FlattenOperator: Operator {
    static let name = "Flatten"
    static let inputCount = 1...1
    private let axis: Int

    init(_ node: inout NodeReader) throws { axis = try node.int("axis") ?? 1 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        return [x.reshaped(try x.shape.map(matrix))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [x.reshaped(try matrix(x.shape))]
    }

    private func matrix(_ shape: [Int]) throws -> [Int] {
        let axis = axis == shape.count ? axis : try Axes.normalized(axis, rank: shape.count)
        return [Axes.product(shape[..<axis]), Axes.product(shape[axis...])]
    }
}
