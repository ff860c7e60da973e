internal import MLOpsCore
internal import MLOpsTensor

/// `MeanVarianceNormalization`: (x − mean) / (standard deviation + 10⁻⁹) over some axes.
struct MeanVarianceNormalizationOperator: Operator {
    static let name = "MeanVarianceNormalization"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    private let axes: [Int]

    init(_ node: inout NodeReader) throws { axes = try node.ints("axes") ?? [0, 2, 3] }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        if let shape = x.shape { _ = try Axes.normalized(axes, rank: shape.count) }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let value: Value = try inputs.required(0)
        let x = try value.floats()
        let gone = try Axes.normalized(axes, rank: x.shape.count)
        // Which mean belongs to an element: strides of 0 along the axes that are gone.
        let kept = x.shape.indices.map { gone.contains($0) ? 1 : x.shape[$0] }
        let strides = Broadcast.strides(of: kept, in: x.shape)
        let count = kept.reduce(1, *)
        var sums = [Double](repeating: 0, count: count)
        var squares = sums
        let (step, width) = (strides.last ?? 0, x.shape.last ?? 1)
        let size = Double(max(x.count / max(count, 1), 1))
        func each(_ body: (_ element: Int, _ mean: Int) -> Void) {
            Broadcast.forEachRow(of: x.shape, strides: [strides]) { row, offsets in
                for i in 0..<width { body(row + i, offsets[0] + i * step) }
            }
        }
        each { sums[$1] += Double(x.pointer[$0]) }
        each { squares[$1] += (Double(x.pointer[$0]) - sums[$1] / size) * (Double(x.pointer[$0]) - sums[$1] / size) }
        let result = try context.tensor(x.shape)
        each {
            let deviation = (squares[$1] / size).squareRoot() + 1e-9
            result.pointer[$0] = Float((Double(x.pointer[$0]) - sums[$1] / size) / deviation)
        }
        return [Value(floats: result)]
    }
}
