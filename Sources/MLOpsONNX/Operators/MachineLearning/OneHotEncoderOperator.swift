internal import MLOpsCore
internal import MLOpsTensor

/// `OneHotEncoder`: for each element a row with a 1 at the place of its category; all zeros for an unknown one, which
/// throws instead where `zeros` is 0.
struct OneHotEncoderOperator: Operator {
    static let name = "ai.onnx.ml.OneHotEncoder"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    private let map: ElementMap
    private let count: Int
    private let takesUnknown: Bool

    init(_ node: inout NodeReader) throws {
        let strings = try node.strings("cats_strings") ?? []
        let integers = try node.ints("cats_int64s") ?? []
        takesUnknown = try node.flag("zeros", default: true)
        guard strings.isEmpty != integers.isEmpty else {
            throw MLOpsError(
                .invalidArgument, "There are \(strings.count) categories of text and \(integers.count) of numbers.",
                help: "Give the categories of one kind.")
        }
        count = max(strings.count, integers.count)
        map = try ElementMap(
            strings.isEmpty ? .integers(integers.map(Int64.init)) : .strings(strings.map { Array($0.utf8) }),
            of: strings.isEmpty ? .int64 : .bytes, to: .integers((0..<count).map(Int64.init)), of: .int64,
            fallback: .integers([-1]))
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let isNumber = x.elementType != .bytes
        if isNumber { _ = try x.elementType.numeric() }
        guard isNumber == (map.source != .bytes) else {
            throw MLOpsError.unsupported(x.elementType, instead: map.source.rawValue)
        }
        return [ValueType(.float32, x.shape.map { $0 + [count] })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let elements = x.elementType == .bytes ? x : try x.converted(to: .int64, in: context)
        let places = try map.run(elements, in: context).integers()
        if !takesUnknown, let unknown = places.firstIndex(of: -1) {
            throw MLOpsError(
                .invalidArgument, "The element \(unknown) is in none of the \(count) categories.",
                help: "Give known categories, or export the model so that it ignores unknown ones.")
        }
        let result = try context.tensor(x.shape + [count])
        for (i, place) in places.enumerated() where place >= 0 { result.pointer[i * count + place] = 1 }
        return [Value(floats: result)]
    }
}
