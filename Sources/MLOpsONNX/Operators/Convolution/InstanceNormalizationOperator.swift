internal import MLOpsCore
internal import MLOpsTensor

/// `InstanceNormalization`: each channel of each example by its own mean and variance, then times scale plus offset.
struct InstanceNormalizationOperator: Operator {
    static let name = "InstanceNormalization"
    static let inputCount = 3...3
    private let epsilon: Float

    init(_ node: inout NodeReader) throws { epsilon = try node.float("epsilon") ?? 1e-5 }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let all: [ValueType] = try (0..<3).map { try inputs.required($0) }
        for input in all where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        if let shape = all[0].shape { try check(shape, all.dropFirst().compactMap(\.shape)) }
        return [all[0].reshaped(all[0].shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let (scaleValue, offsetValue): (Value, Value) = (try inputs.required(1), try inputs.required(2))
        try check(x.shape, [scaleValue.shape, offsetValue.shape])
        let (scale, offset) = (try scaleValue.floats(), try offsetValue.floats())
        let (source, result) = (try x.floats(), try context.tensor(x.shape))
        let (channels, size) = (x.shape[1], x.shape.dropFirst(2).reduce(1, *))
        guard result.count > 0 else { return [Value(floats: result)] }
        context.compute.parallel(tasks: x.shape[0] * channels) { task in
            let (from, to) = (source.pointer + task * size, result.pointer + task * size)
            var (sum, squares) = (0.0, 0.0)
            for i in 0..<size { sum += Double(from[i]) }
            let mean = sum / Double(size)
            for i in 0..<size { squares += (Double(from[i]) - mean) * (Double(from[i]) - mean) }
            let deviation = (squares / Double(size) + Double(epsilon)).squareRoot()
            let factor = Float(Double(scale.pointer[task % channels]) / deviation)
            for i in 0..<size { to[i] = (from[i] - Float(mean)) * factor + offset.pointer[task % channels] }
        }
        return [Value(floats: result)]
    }

    private func check(_ shape: [Int], _ numbers: [[Int]]) throws {
        let fits = numbers.allSatisfy {
            $0.count == 1 && ($0[0] == -1 || shape.count < 2 || shape[1] == -1 || $0[0] == shape[1])
        }
        guard shape.count >= 3, fits else {
            throw MLOpsError(
                .invalidArgument, "Channel numbers \(numbers) do not fit an input \(shape).",
                help: "Give scale and offset [C] for an input [N, C, …] with at least one more axis.")
        }
    }
}
