internal import MLOpsCore
internal import MLOpsTensor

/// `RMSNormalization`: the elements from an axis on over the root of the mean of their squares, scaled. Sums are of
/// 64-bit floats.
struct RMSNormalizationOperator: Operator {
    static let name = "RMSNormalization"
    static let operatorSets = 23...ONNXDocument.latestOperatorSet
    static let inputCount = 2...2
    let axis: Int
    let epsilon: Float

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? -1
        epsilon = try node.float("epsilon") ?? 1e-5
        _ = try node.int("stash_type")
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        for input in inputs.compactMap({ $0 }) where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        if let rank = x.shape?.count { _ = try Axes.normalized(axis, rank: rank) }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        let rows = RowsFromAxis(x.shape, try Axes.normalized(axis, rank: x.shape.count))
        let scale = try rows.numbers(inputs.required(1), in: context)
        let y = try context.tensor(x.shape)
        for row in 0..<(rows.size == 0 ? 0 : rows.count) {
            let (source, target) = (x.pointer + row * rows.size, y.pointer + row * rows.size)
            var squares = 0.0
            for i in 0..<rows.size { squares += Double(source[i]) * Double(source[i]) }
            let inverse = 1 / (squares / Double(rows.size) + Double(epsilon)).squareRoot()
            for i in 0..<rows.size { target[i] = Float(Double(source[i]) * inverse) * scale.pointer[i] }
        }
        return [Value(floats: y)]
    }
}
