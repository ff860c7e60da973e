internal import MLOpsCore
internal import MLOpsTensor

/// `LayerNormalization`: the elements from an axis on, less their mean, over their deviation, scaled and shifted; then
/// the means and 1 / √(variance + ε). Sums are of 64-bit floats.
struct LayerNormalizationOperator: Operator {
    static let name = "LayerNormalization"
    static let operatorSets = 17...ONNXDocument.latestOperatorSet
    static let inputCount = 2...3
    static let outputCount = 1...3
    let axis: Int
    let epsilon: Float

    init(_ node: inout NodeReader) throws {
        axis = try node.int("axis") ?? -1
        epsilon = try node.float("epsilon") ?? 1e-5
        _ = try node.int("stash_type")
    }

    init(axis: Int, epsilon: Float) { (self.axis, self.epsilon) = (axis, epsilon) }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        for input in inputs.compactMap({ $0 }) where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        guard let shape = x.shape else { return [x.reshaped(nil), x.reshaped(nil), x.reshaped(nil)] }
        let rows = RowsFromAxis(shape, try Axes.normalized(axis, rank: shape.count))
        return [x.reshaped(shape), x.reshaped(rows.statisticShape), x.reshaped(rows.statisticShape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        let rows = RowsFromAxis(x.shape, try Axes.normalized(axis, rank: x.shape.count))
        let scale = try rows.numbers(inputs.required(1), in: context)
        let shift = try (inputs.optional(2) as Value?).map { try rows.numbers($0, in: context) }
        let y = try context.tensor(x.shape)
        let (means, inverses) = (try context.tensor(rows.statisticShape), try context.tensor(rows.statisticShape))
        for row in 0..<(rows.size == 0 ? 0 : rows.count) {
            let (source, target) = (x.pointer + row * rows.size, y.pointer + row * rows.size)
            var (sum, squares) = (0.0, 0.0)
            for i in 0..<rows.size { sum += Double(source[i]) }
            let mean = sum / Double(rows.size)
            for i in 0..<rows.size { squares += (Double(source[i]) - mean) * (Double(source[i]) - mean) }
            let inverse = 1 / (squares / Double(rows.size) + Double(epsilon)).squareRoot()
            for i in 0..<rows.size {
                let normal = Float((Double(source[i]) - mean) * inverse)
                target[i] = normal * scale.pointer[i] + (shift?.pointer[i] ?? 0)
            }
            means.pointer[row] = Float(mean)
            inverses.pointer[row] = Float(inverse)
        }
        return [Value(floats: y), Value(floats: means), Value(floats: inverses)]
    }
}
