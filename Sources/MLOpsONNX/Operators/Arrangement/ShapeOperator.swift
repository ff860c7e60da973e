internal import MLOpsCore

/// `Shape`: the extents of the input, as 64-bit integers; since operator set 15, of a range of dimensions.
struct ShapeOperator: Operator {
    static let name = "Shape"
    static let inputCount = 1...1
    private let start: Int
    private let end: Int?

    init(_ node: inout NodeReader) throws {
        start = node.operatorSet >= 15 ? try node.int("start") ?? 0 : 0
        end = node.operatorSet >= 15 ? try node.int("end") : nil
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard let shape = x.shape else { return [ValueType(.int64, [-1])] }
        let extents = slice(shape)
        var result = ValueType(.int64, [extents.count])
        if !extents.contains(-1) {
            result = ValueType(
                Value.make(.int64, [extents.count], as: Int64.self) { target in
                    for (index, extent) in extents.enumerated() { target[index] = Int64(extent) }
                })
        }
        return [result]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return [try context.integers(slice(x.shape))]
    }

    private func slice(_ shape: [Int]) -> [Int] {
        func place(_ axis: Int) -> Int { max(0, min(axis < 0 ? axis + shape.count : axis, shape.count)) }
        let (first, last) = (place(start), place(end ?? shape.count))
        return first < last ? Array(shape[first..<last]) : []
    }
}
