internal import MLOpsCore
internal import MLOpsTensor

/// `Conv` with constant weights, and what follows it: f(convolution + bias + addend). Its inputs are the images, and the
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

    /// Takes in an operator with its constant weights, what those of each output are multiplied by, and its bias.
    init(_ convolution: ConvOperator, weights: Value, scales: [Float]? = nil, bias: Value?) throws {
        self.convolution = convolution
        self.weights = try ConvolutionWeights(weights, scales: scales, bias: bias)
    }

    init(_ node: inout NodeReader) throws { throw MLOpsError.unsupported(.float32, instead: "an operator") }

    var title: String {
        ([Self.name] + (hasAddend ? ["Add"] : []) + (function == .identity ? [] : [function.title]))
            .joined(separator: "+")
    }

    func infer(_ inputs: [ValueType?]) throws -> [ValueType] {
        try convolution.infer([inputs.first ?? nil, ValueType(.float32, weights.shape)])
    }

    var packedByteCount: Int {
        let groups = max(1, convolution.groups)
        // 36 points of Winograd's are four times as many as 9 taps.
        let perOutput = 4 * weights.shape.dropFirst().reduce(MemoryLayout<Float>.stride, *)
        return groups * PackedMatrix.paddedColumns(weights.shape[0] / groups) * perOutput
    }

    func pack(for inputs: [ValueType?], in context: RunContext) throws {
        guard var shape = inputs.first??.shape, shape.count == weights.shape.count, !shape.dropFirst().contains(-1)
        else { return try weights.load() }
        // Batches of any size are served alike.
        shape[0] = 1
        let (geometry, result) = try convolution.geometry(shape, weights: weights.shape)
        guard !shape.contains(0), !result.contains(0), !weights.shape.contains(0) else { return try weights.load() }
        let images = shape.count == 3 ? [1, 1, shape[2], shape[1]] : [1, shape[2], shape[3], shape[1]]
        _ = try weights.filters(geometry, images: images, sizesVary: false, context.compute)
    }

    func run(_ inputs: [Value?], in context: RunContext) throws -> [Value] {
        let x: Value = try inputs.required(0)
        let (image, geometry, shape) = try convolution.geometry(x, weights: weights.shape)
        let result = try context.tensor([shape[0], shape[2], shape[3], shape[1]])
        if result.count > 0 {
            let addend = try hasAddend ? addend(inputs.required(1), like: shape) : nil
            try weights.convolve(image, geometry, addend: addend, function, into: result, context.compute)
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
        let geometry = try convolution.geometry(shape, weights: weights.shape).0
        let addend = hasAddend ? try node.input(1, .channelsLast) : nil
        if hasAddend, addend?.shape != node.outputShape() { return false }
        let y = node.result(node.outputShape(), .channelsLast)
        let (weights, function) = (weights, function)
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
