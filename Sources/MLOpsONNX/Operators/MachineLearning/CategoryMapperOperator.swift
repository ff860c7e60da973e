internal import MLOpsCore

/// `CategoryMapper`: strings as the whole numbers that belong to them, or the other way around.
struct CategoryMapperOperator: Operator {
    static let name = "ai.onnx.ml.CategoryMapper"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    private let maps: [ElementMap]

    init(_ node: inout NodeReader) throws {
        maps = try LabelEncoderOperator.both(
            (node.strings("cats_strings") ?? []).map { Array($0.utf8) },
            (node.ints("cats_int64s") ?? []).map(Int64.init),
            Array((node.string("default_string") ?? "_Unused").utf8), Int64(node.int("default_int64") ?? -1))
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard let map = maps.first(where: { $0.source == x.elementType }) else {
            throw MLOpsError.unsupported(x.elementType, instead: "BYTES or INT64")
        }
        return [ValueType(map.target, x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return try maps.filter { $0.source == x.elementType }.map { try $0.run(x, in: context) }
    }
}
