internal import MLOpsCore
internal import MLOpsTensor

/// An operator that makes one number of each plane [N, C, …] of floats.
protocol GlobalPooling: Operator {
    /// The number for a plane, of at least one element.
    func pool(_ plane: UnsafeBufferPointer<Float>) -> Float
}

extension GlobalPooling {
    static var inputCount: ClosedRange<Int> { 1...1 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        guard x.elementType == .float32 else { throw MLOpsError.unsupported(x.elementType, instead: "FP32") }
        return [x.reshaped(try x.shape.map { try pooled($0) })]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        let result = try context.tensor(pooled(x.shape))
        let plane = result.count == 0 ? 0 : x.count / result.count
        for i in 0..<(plane == 0 ? 0 : result.count) {
            result.pointer[i] = pool(UnsafeBufferPointer(start: x.pointer + i * plane, count: plane))
        }
        return [Value(floats: result)]
    }

    private func pooled(_ shape: [Int]) throws -> [Int] {
        guard shape.count >= 3 else {
            throw MLOpsError(.invalidArgument, "An input \(shape) has no planes.", help: "Give [N, C, …].")
        }
        return shape[..<2] + [Int](repeating: 1, count: shape.count - 2)
    }
}
