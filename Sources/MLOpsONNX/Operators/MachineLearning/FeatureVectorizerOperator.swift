internal import MLOpsCore

/// `FeatureVectorizer`: the features of several inputs side by side, as floats.
struct FeatureVectorizerOperator: Operator {
    static let name = "ai.onnx.ml.FeatureVectorizer"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...Int.max
    private let extents: [Int]

    init(_ node: inout NodeReader) throws {
        extents = try node.ints("inputdimensions") ?? []
        guard extents.count == node.inputCount, extents.allSatisfy({ (1...(1 << 30)).contains($0) }) else {
            throw MLOpsError(
                .invalidArgument, "'inputdimensions' is \(extents) for \(node.inputCount) inputs.",
                help: "Give the number of features of each input.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let all: [ValueType] = try inputs.indices.map { try inputs.required($0) }
        for type in all { _ = try type.elementType.numeric() }
        return [ValueType(.float32, [all[0].shape.map { $0.count <= 1 ? 1 : $0[0] } ?? -1, extents.reduce(0, +)])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let parts = try zip(inputs.indices, extents).map { index, extent -> Value in
            let value: Value = try inputs.required(index)
            let floats = try value.converted(to: .float32, in: context)
            let rows = value.shape.count <= 1 ? 1 : value.shape[0]
            guard floats.count == rows * extent else {
                throw MLOpsError(
                    .invalidArgument, "An input has the shape \(value.shape), not \(extent) features for each row.",
                    help: "Give rows of as many features as 'inputdimensions' says.")
            }
            return floats.reshaped([rows, extent])
        }
        return try ConcatOperator(axis: 1).run(parts, in: context)
    }
}
