internal import MLOpsCore
internal import MLOpsTensor

/// `Conv` with constant weights, and what follows it: f(convolution + bias + addend), and perhaps the maxima of windows of
/// 2 × 2 pixels. Its inputs are the images, and the
/// addend if it has one; no operator of the standard.
struct PackedConvolutionOperator: PlannedOperator, PackingOperator, DescribedOperator {
    static let name = ConvOperator.name
    static let inputCount = 1...2
    private let convolution: ConvOperator
    private let weights: ConvolutionWeights
    /// f.
    var function = ElementFunction.identity
    /// Whether the second input is added.
    var hasAddend = false

    /// Whether only the maximum of each window of 2 × 2 is wanted: of images with even sides, and without an addend.
    var pools = false

    /// Takes in an operator with its constant weights, what those of each output are multiplied by, and its bias.
    init(_ convolution: ConvOperator, weights: Value, scales: [Float]? = nil, bias: Value?) throws {
        self.convolution = convolution
        self.weights = try ConvolutionWeights(weights, scales: scales, bias: bias)
    }

    init(_ node: inout NodeReader) throws { throw MLOpsError.unsupported(.float32, instead: "an operator") }

    var title: String {
        ([Self.name] + (hasAddend ? ["Add"] : []) + (function == .identity ? [] : [function.title])
            + (pools ? [MaxPoolOperator.name] : []))
            .joined(separator: "+")
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        let types = try convolution.infer([inputs.first ?? nil, ValueType(.float32, weights.shape)])
        return pools ? types.map { $0.reshaped($0.shape.map(Self.pooled)) } : types
    }

    /// Whether pooling can be taken in without a convolution written elsewhere first: a kernel of 3 × 3 that moves by
    /// single pixels, channels that fill vectors, nothing added, and a function that is no more than bounds.
    var canPool: Bool {
        guard !pools, !hasAddend, convolution.isDense, weights.shape.dropFirst(2) == [3, 3],
            weights.shape[0] % 4 == 0, weights.shape[1] % 4 == 0
        else { return false }
        if case .clamp = function { return true }
        return false
    }

    /// The shape [N, K, P / 2, Q / 2] that pooling leaves of [N, K, P, Q].
    private static func pooled(_ shape: [Int]) -> [Int] {
        shape.prefix(2) + shape.dropFirst(2).map { $0 < 0 ? $0 : $0 / 2 }
    }

    var packedByteCount: Int {
        let groups = max(1, convolution.groups)
        // Of 9 taps, 36 points of large tiles, 16 of small ones and the taps in panels may be kept.
        let perOutput = 7 * weights.shape.dropFirst().reduce(MemoryLayout<Float>.stride, *)
        return groups * PackedMatrix.paddedColumns(weights.shape[0] / groups) * perOutput
    }

    func pack(for inputs: [ValueType?], in context: RunContext) throws {
        guard var shape = inputs.first??.shape, shape.count == weights.shape.count, !shape.dropFirst().contains(-1)
        else { return try weights.load() }
        // Batches that nobody knows yet are served alike.
        if shape[0] <= 0 { shape[0] = 1 }
        let (geometry, result) = try convolution.geometry(shape, weights: weights.shape)
        guard !shape.contains(0), !result.contains(0), !weights.shape.contains(0) else { return try weights.load() }
        let images = shape.count == 3 ? [1, 1, shape[2], shape[1]] : [1, shape[2], shape[3], shape[1]]
        _ = try weights.filters(geometry, images: images, sizesVary: false, context.compute)
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let (image, geometry, shape) = try convolution.geometry(x, weights: weights.shape)
        let outputs = pools ? Self.pooled(shape) : shape
        let result = try context.tensor([outputs[0], outputs[2], outputs[3], outputs[1]])
        if result.count > 0 {
            if pools {
                guard shape[2] % 2 == 0, shape[3] % 2 == 0 else {
                    throw MLOpsError(
                        .invalidArgument, "The file states other shapes than an image \(x.shape) gives.",
                        help: "Give an image of the stated shape.")
                }
                let own = [shape[0], shape[2], shape[3], shape[1]]
                try weights.convolve(image, geometry, shape: own, function, pooledInto: result, context.compute)
            } else {
                let addend = try hasAddend ? addend(inputs.required(1), like: shape) : nil
                try weights.convolve(image, geometry, addend: addend, function, into: result, context.compute)
            }
        }
        let value = Value(image: result)
        return [x.shape.count == 3 ? value.reshaped([shape[0], shape[1], shape[3]]) : value]
    }

    private func addend(_ value: Value, like shape: [Int]) throws -> Tensor {
        try (value.shape.count == 3 ? value.reshaped(shape) : value).image()
    }

    func plan(_ node: inout NodePlanner) throws -> Bool {
        guard let shape = node.type(0)?.shape, shape.count == 4, !shape.contains(0), !node.outputShape().contains(0),
            let x = try node.input(0, .channelsLast)
        else { return false }
        let (geometry, own) = try convolution.geometry(shape, weights: weights.shape)
        let addend = hasAddend ? try node.input(1, .channelsLast) : nil
        if hasAddend, addend?.shape != node.outputShape() { return false }
        let y = node.result(node.outputShape(), .channelsLast)
        let (weights, function) = (weights, function)
        if pools {
            guard own[2] % 2 == 0, own[3] % 2 == 0 else { return false }
            let own = [own[0], own[2], own[3], own[1]]
            node.emit(reads: [x], writes: [y]) { memory in
                let (x, y) = (memory.image(x), memory.image(y))
                return { try weights.convolve(x, geometry, shape: own, function, pooledInto: y, $0) }
            }
            node.give(y)
            return true
        }
        node.emit(reads: [x] + (addend.map { [$0] } ?? []), writes: [y]) { memory in
            let (x, y, addend) = (memory.image(x), memory.image(y), addend.map { memory.image($0) })
            return { try weights.convolve(x, geometry, addend: addend, function, into: y, $0) }
        }
        node.give(y)
        return true
    }
}

extension ElementFunction {
    /// What a report calls the function.
    var title: String {
        switch self {
        case .clamp(0, .infinity): "Relu"
        case .clamp: "Clip"
        case .affine: "Affine"
        case .hardSwish: "HardSwish"
        case .hardSigmoid: "HardSigmoid"
        case .leaky: "LeakyRelu"
        case .squareRoot: "Sqrt"
        case .exponential: "Exp"
        case .logistic: "Sigmoid"
        case .swish: "SiLU"
        case .hyperbolicTangent: "Tanh"
        case .errorFunction: "Erf"
        case .gelu, .geluByTangent: "Gelu"
        }
    }
}
