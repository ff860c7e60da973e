internal import MLOpsCore
internal import MLOpsTensor

/// `GlobalAveragePool`: the mean of each channel over all spatial dimensions, which stay with the extent 1.
struct GlobalAveragePoolOperator: Operator {
    static let name = "GlobalAveragePool"
    static let inputCount = 1...1

    init(_ node: inout NodeReader) throws {}

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [x.reshaped(try x.shape.map(outputShape))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let shape = try outputShape(x.shape)
        let pixels = x.shape[2...].reduce(1, *)
        guard pixels > 0 else {
            throw MLOpsError(
                .invalidArgument, "An image of shape \(x.shape) has no mean.",
                help: "Give images of at least one pixel.")
        }
        let image = try (x.shape.count == 4 ? x : x.reshaped([x.shape[0], x.shape[1], 1, pixels])).image()
        let means = try context.tensor([x.shape[0], x.shape[1]])
        if means.count > 0 { context.compute.globalAveragePool(image, into: means) }
        return [Value(floats: means).reshaped(shape)]
    }

    private func outputShape(_ shape: [Int]) throws -> [Int] {
        guard shape.count >= 3 else {
            throw MLOpsError(
                .invalidArgument, "An input \(shape) has no spatial dimension.", help: "Give an input [N, C, …].")
        }
        return shape[..<2] + [Int](repeating: 1, count: shape.count - 2)
    }
}
