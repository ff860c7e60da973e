internal import MLOpsCore

/// `Imputer`: a number of its own for each feature where it has a given value, mostly NaN.
struct ImputerOperator: Operator {
    static let name = "ai.onnx.ml.Imputer"
    static let operatorSets = OperatorSets.machineLearning.versions
    static let inputCount = 1...1
    private let floats: [Float]
    private let integers: [Int]
    private let replacedFloat: Float
    private let replacedInteger: Int

    init(_ node: inout NodeReader) throws {
        floats = try node.floats("imputed_value_floats") ?? []
        integers = try node.ints("imputed_value_int64s") ?? []
        replacedFloat = try node.float("replaced_value_float") ?? 0
        replacedInteger = try node.int("replaced_value_int64") ?? 0
        guard floats.isEmpty != integers.isEmpty else {
            throw MLOpsError(
                .invalidArgument, "There are \(floats.count) real numbers and \(integers.count) whole ones to put in.",
                help: "Give numbers of one kind.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == (floats.isEmpty ? .int64 : .float32) else {
            throw MLOpsError.unsupported(x.elementType, instead: floats.isEmpty ? "INT64" : "FP32")
        }
        if let features = x.shape?.last, features != -1 { try check(features) }
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        try check(x.shape.last ?? 1)
        guard floats.isEmpty else {
            return [try fill(x, floats, in: context) { $0 == replacedFloat || ($0.isNaN && replacedFloat.isNaN) }]
        }
        let replaced = Int64(replacedInteger)
        return [try fill(x, integers.map(Int64.init), in: context) { $0 == replaced }]
    }

    private func fill<Element: NumericElement>(
        _ x: Value, _ numbers: [Element], in context: RunContext, where isMissing: (Element) -> Bool
    ) throws -> Value {
        try context.make(x.elementType, x.shape, as: Element.self) { target in
            x.read(as: Element.self) { source in
                for i in source.indices {
                    target[i] = isMissing(source[i]) ? numbers[numbers.count == 1 ? 0 : i % numbers.count] : source[i]
                }
            }
        }
    }

    private func check(_ features: Int) throws {
        let count = max(floats.count, integers.count)
        guard count == 1 || count == features else {
            throw MLOpsError(
                .invalidArgument, "There are \(count) numbers to put in for \(features) features.",
                help: "Give one for all, or one for each.")
        }
    }
}
