internal import MLOpsCore
internal import MLOpsTensor

/// `BatchNormalization` at inference: (x − mean) / √(variance + ε) · scale + offset for each channel, axis 1.
struct BatchNormalizationOperator: Operator {
    static let name = "BatchNormalization"
    static let operatorSets = 9...ONNXDocument.latestOperatorSet
    static let inputCount = 5...5
    static let outputCount = 1...5
    private let epsilon: Float

    init(_ node: inout NodeReader) throws {
        epsilon = try node.float("epsilon") ?? 1e-5
        // How training would update the mean and the variance; nothing at inference.
        _ = try node.float("momentum")
        let isTraining = node.operatorSet >= 14 ? try node.flag("training_mode", default: false) : false
        guard !isTraining, node.outputCount == 1 else {
            throw MLOpsError(.unsupported, "The node is in training mode.", help: "Export the model for inference.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let all: [ValueType] = try (0..<5).map { try inputs.required($0) }
        for input in all where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        if let shape = all[0].shape { try check(shape, all.dropFirst().compactMap(\.shape)) }
        return [all[0].reshaped(all[0].shape)]
    }

    /// What each channel is multiplied by and what is then added, from scale, offset, mean and variance; `nil` unless all
    /// are constants.
    func channelNumbers(_ constants: [Value?]) throws -> (scale: [Double], shift: [Double])? {
        let numbers = try constants.compactMap { try $0?.floats().values }
        guard numbers.count == 4, Set(numbers.map(\.count)).count == 1 else { return nil }
        let scale = (0..<numbers[0].count).map {
            Double(numbers[0][$0]) / (Double(numbers[3][$0]) + Double(epsilon)).squareRoot()
        }
        let shift = scale.indices.map {
            Double(numbers[1][$0]) - Double(numbers[2][$0]) * scale[$0]
        }
        return (scale, shift)
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let numbers: [Value] = try (1..<5).map { try inputs.required($0) }
        try check(x.shape, numbers.map(\.shape))
        let (scale, offset) = (try numbers[0].floats(), try numbers[1].floats())
        let (mean, variance) = (try numbers[2].floats(), try numbers[3].floats())
        let channels = scale.count
        let (factor, shift) = (try context.tensor([channels]), try context.tensor([channels]))
        for channel in 0..<channels {
            factor.pointer[channel] = scale.pointer[channel] / (variance.pointer[channel] + epsilon).squareRoot()
            shift.pointer[channel] = offset.pointer[channel] - mean.pointer[channel] * factor.pointer[channel]
        }
        // An image is [N, C, H, W]; anything else is taken as one of N × C × 1 × rest.
        let isImage = x.shape.count == 4
        let rest = x.shape.dropFirst(2).reduce(1, *)
        let image = try (isImage ? x : x.reshaped([x.shape[0], channels, 1, rest])).image()
        let result = try context.tensor(image.shape)
        if result.count > 0 { context.compute.scaleAndShift(image, scale: factor, shift: shift, into: result) }
        return [isImage ? Value(image: result) : Value(image: result).reshaped(x.shape)]
    }

    private func check(_ shape: [Int], _ numbers: [[Int]]) throws {
        let fits = numbers.allSatisfy {
            $0.count == 1 && ($0[0] == -1 || shape.count < 2 || shape[1] == -1 || $0[0] == shape[1])
        }
        guard shape.count >= 2, fits else {
            throw MLOpsError(
                .invalidArgument, "Channel numbers \(numbers) do not fit an input \(shape).",
                help: "Give scale, offset, mean and variance [C] for an input [N, C, …].")
        }
    }
}
