internal import MLOpsCore
internal import MLOpsTensor

/// `Conv`: convolution of images [N, C, H, W] or lines [N, C, W] with weights [K, C / groups, R, S] or
/// [K, C / groups, S], and a bias [K].
struct ConvOperator: Operator {
    static let name = "Conv"
    static let inputCount = 2...3
    static let packsWeights = true
    private let window: Window
    let groups: Int
    /// Input columns from one kernel column to the next.
    var dilationX: Int { window.dilations?.last ?? 1 }

    /// Whether one kernel lies on each place of the input, without gaps.
    var isDense: Bool { groups == 1 && window.isDense }

    init(_ node: inout NodeReader) throws {
        window = try Window(&node)
        groups = try node.int("group") ?? 1
        guard (1...(1 << 20)).contains(groups) else {
            throw MLOpsError(.invalidArgument, "'group' is \(groups).", help: "Give a number of groups of at least 1.")
        }
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let x: ValueType = try inputs.required(0)
        let weights: ValueType = try inputs.required(1)
        for input in [x, weights, inputs.optional(2)].compactMap({ $0 }) where input.elementType != .float32 {
            throw MLOpsError.unsupported(input.elementType, instead: "FP32")
        }
        guard let shape = x.shape, let kernel = weights.shape else { return [x.reshaped(nil)] }
        try check(shape, kernel, bias: (inputs.optional(2) as ValueType?)?.shape)
        guard !kernel.contains(-1) else {
            return [x.reshaped([shape[0]] + [Int](repeating: -1, count: shape.count - 1))]
        }
        let axes = try window.axes(for: Array(shape[2...]), kernel: Array(kernel[2...]))
        return [x.reshaped([shape[0], kernel[0]] + axes.map(\.output))]
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let weights: Value = try inputs.required(1)
        let bias: Value? = inputs.optional(2)
        try check(x.shape, weights.shape, bias: bias?.shape)
        let (image, geometry, shape) = try geometry(x, weights: weights.shape)
        let result = try context.tensor([shape[0], shape[2], shape[3], shape[1]])
        if result.count > 0 {
            context.compute.convolution(
                image, weights: try Self.channelsLast(weights), bias: try bias?.floats(), geometry: geometry,
                into: result)
        }
        let value = Value(image: result)
        return [x.shape.count == 3 ? value.reshaped([shape[0], shape[1], shape[3]]) : value]
    }

    /// The images of an input, how a kernel moves over them, and the shape [N, K, P, Q] of the result; lines are images
    /// of one row.
    func geometry(_ x: Value, weights: [Int]) throws -> (Tensor, ConvolutionGeometry, [Int]) {
        let (geometry, shape) = try geometry(x.shape, weights: weights)
        let image = try (x.shape.count == 3 ? x.reshaped([x.shape[0], x.shape[1], 1, x.shape[2]]) : x).image()
        return (image, geometry, shape)
    }

    /// How a kernel moves over inputs of a shape, and the shape [N, K, P, Q] of the result.
    func geometry(_ x: [Int], weights: [Int]) throws -> (ConvolutionGeometry, [Int]) {
        try check(x, weights, bias: nil)
        let axes = try window.axes(for: Array(x[2...]), kernel: Array(weights[2...]))
        let (down, across) = axes.count == 1 ? (nil, axes[0]) : (axes[0], axes[1])
        let geometry = ConvolutionGeometry(
            rows: down?.kernel ?? 1, columns: across.kernel, strideY: down?.stride ?? 1, strideX: across.stride,
            paddingTop: down?.paddingBefore ?? 0, paddingLeft: across.paddingBefore,
            paddingBottom: down?.paddingAfter ?? 0, paddingRight: across.paddingAfter,
            dilationY: down?.dilation ?? 1, dilationX: across.dilation, groups: groups)
        return (geometry, [x[0], weights[0], down?.output ?? 1, across.output])
    }

    /// Weights as [R, S, C / groups, K].
    static func channelsLast(_ weights: Value) throws -> Tensor {
        let s = weights.shape
        return ChannelsLast.weights(try (s.count == 3 ? weights.reshaped([s[0], s[1], 1, s[2]]) : weights).floats())
    }

    private func check(_ x: [Int], _ weights: [Int], bias: [Int]?) throws {
        guard x.count == 3 || x.count == 4 else {
            throw MLOpsError(
                .unsupported, "A convolution of \(x.count - 2) spatial dimensions can't be run.",
                help: "Use lines [N, C, W] or images [N, C, H, W].")
        }
        let kernelFits = window.kernel.map { $0 == Array(weights.dropFirst(2)) || weights.contains(-1) } ?? true
        let channelsFit =
            x[1] == -1 || weights.contains(-1) || (weights.count >= 2 && weights[1] * groups == x[1])
        guard weights.count == x.count, kernelFits, channelsFit, weights[0] == -1 || weights[0] % groups == 0,
            weights.dropFirst(2).allSatisfy({ $0 != 0 }),
            bias == nil || bias?.contains(-1) == true || bias == [weights[0]]
        else {
            throw MLOpsError(
                .invalidArgument,
                "Weights \(weights) in \(groups) groups, a bias \(bias ?? []) and a kernel "
                    + "\(window.kernel ?? []) do not fit an input \(x).",
                help: "Give weights [K, C / groups, R, S] and a bias [K].")
        }
    }
}
