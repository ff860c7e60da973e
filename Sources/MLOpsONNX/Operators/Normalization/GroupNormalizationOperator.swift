internal import MLOpsCore
internal import MLOpsTensor

/// `GroupNormalization`: each group of channels with mean 0 and variance 1, times a scale plus an offset: one for each
/// channel since operator set 21, before for each group.
struct GroupNormalizationOperator: Operator {
    static let name = "GroupNormalization"
    static let operatorSets = 18...ONNXDocument.latestOperatorSet
    static let inputCount = 3...3
    private let epsilon: Float
    private let groups: Int
    private let isByChannel: Bool

    init(_ node: inout NodeReader) throws {
        epsilon = try node.float("epsilon") ?? 1e-5
        groups = try node.int("num_groups") ?? 0
        isByChannel = node.operatorSet >= 21
        // The type of the sums; they are of 64 bits here.
        if node.operatorSet >= 21 { _ = try node.int("stash_type") }
        guard (1...(1 << 20)).contains(groups) else {
            throw MLOpsError(.invalidArgument, "'num_groups' is \(groups).", help: "Give a number of at least 1.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        for index in 0..<3 {
            let type = (try inputs.required(index) as ValueType).elementType
            guard type == .float32 else { throw MLOpsError.unsupported(type, instead: "FP32") }
        }
        let x: ValueType = try inputs.required(0)
        return [x.reshaped(x.shape)]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x = try (inputs.required(0) as Value).floats()
        let scale = try (inputs.required(1) as Value).floats()
        let offset = try (inputs.required(2) as Value).floats()
        let numbers = isByChannel ? (x.shape.count > 1 ? x.shape[1] : 0) : groups
        guard x.shape.count >= 2, x.shape[1] % groups == 0, scale.count == numbers, offset.count == numbers else {
            throw MLOpsError(
                .invalidArgument, "\(groups) groups and \(scale.count) scales do not fit an input \(x.shape).",
                help: "Give a number of groups that divides the channels.")
        }
        let result = try context.tensor(x.shape)
        guard x.count > 0 else { return [Value(floats: result)] }
        let plane = x.shape[2...].reduce(1, *)
        let channels = x.shape[1] / groups
        let size = channels * plane
        for group in 0..<x.shape[0] * groups {
            let source = x.pointer + group * size
            var (sum, squares) = (0.0, 0.0)
            for i in 0..<size { sum += Double(source[i]) }
            let mean = sum / Double(size)
            for i in 0..<size { squares += (Double(source[i]) - mean) * (Double(source[i]) - mean) }
            let factor = 1 / (squares / Double(size) + Double(epsilon)).squareRoot()
            for i in 0..<size {
                let place = isByChannel ? group % groups * channels + i / plane : group % groups
                let normal = Float((Double(source[i]) - mean) * factor)
                result.pointer[group * size + i] = normal * scale.pointer[place] + offset.pointer[place]
            }
        }
        return [Value(floats: result)]
    }
}
