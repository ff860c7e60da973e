internal import MLOpsCore

/// `ZipMap`: labels for the columns of a matrix, mostly the probabilities of classes. What the standard makes a
/// dictionary of each row stays a matrix here, with its labels beside it: see ``ONNXSession/labels``.
struct ZipMapOperator: Operator {
    static let name = "ai.onnx.ml.ZipMap"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    let columnLabels: TensorValue?
    private let count: Int

    init(_ node: inout NodeReader) throws {
        let labels = try ClassLabels(&node, integers: "classlabels_int64s")
        count = labels.count
        columnLabels = try labels.tensorValue()
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        let shape = try x.shape.map { try FeatureRows.shape($0) }
        if let shape, shape[1] != -1 { try check(shape[1]) }
        return [ValueType(.labeledColumns, .float32, [shape?[0] ?? -1, count])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let shape = try FeatureRows.shape(x.shape)
        try check(shape[1])
        return [x.reshaped(shape)]
    }

    private func check(_ columns: Int) throws {
        guard columns == count else {
            throw MLOpsError(
                .invalidArgument, "There are \(count) labels for \(columns) columns.", help: "Give one for each.")
        }
    }
}
