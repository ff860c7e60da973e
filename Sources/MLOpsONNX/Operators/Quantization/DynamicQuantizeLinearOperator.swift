internal import MLOpsCore

/// `DynamicQuantizeLinear`: bytes, with a scale and a zero point that cover the range of the elements and 0.
struct DynamicQuantizeLinearOperator: Operator {
    static let name = "DynamicQuantizeLinear"
    static let operatorSets = 11...ONNXDocument.latestOperatorSet
    static let inputCount = 1...1
    static let outputCount = 1...3

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [ValueType(.uint8, x.shape), ValueType(.float32, []), ValueType(.uint8, [])]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        return try x.read(as: Float.self) { source in
            let least = min(source.min() ?? 0, 0)
            let greatest = max(source.max() ?? 0, 0)
            let range = greatest - least
            let scale = range == 0 ? 1 : range / 255
            let zero = UInt8(rounding: Double((-least / scale).rounded(.toNearestOrEven)))
            let bytes = try context.make(.uint8, x.shape, as: UInt8.self) { target in
                for i in source.indices {
                    target[i] = UInt8(
                        rounding: Double((source[i] / scale).rounded(.toNearestOrEven)) + Double(zero))
                }
            }
            return [
                bytes, try context.make(.float32, [], as: Float.self) { $0[0] = scale },
                try context.make(.uint8, [], as: UInt8.self) { $0[0] = zero },
            ]
        }
    }
}
