internal import Foundation
package import MLOpsCore
package import MLOpsTensor

/// Writes a model as a ``ModelGraph``: operators of ONNX operator set 17 in NCHW, preprocessing included.
package struct GraphWriter {
    private let model: CNNModel
    private let tensors: [Int: [ParameterSpec.Role: NamedTensor]]
    private var nodes: [ModelGraph.Node] = []
    private var constants: [String: TensorValue] = [:]
    /// The name of the tensor that the next operator takes.
    private var current = "image"

    package init(_ model: CNNModel) throws {
        self.model = model
        var tensors: [Int: [ParameterSpec.Role: NamedTensor]] = [:]
        for (spec, tensor) in zip(try model.spec.parameters(for: model.preprocessing.inputShape), model.weights) {
            tensors[spec.layer, default: [:]][spec.role] = tensor
        }
        self.tensors = tensors
    }

    /// The nodes and constants of the whole model, from `image` to `logits` and `probabilities`.
    package consuming func write() throws -> (nodes: [ModelGraph.Node], constants: [String: TensorValue]) {
        try writePreprocessing()
        let layers = model.spec.layers
        let shapes = try model.spec.shapes(for: model.preprocessing.inputShape)
        var index = 0
        while index < layers.count {
            let isFolded = index + 1 < layers.count && layers[index + 1] == .batchNorm
            switch layers[index] {
            case .convolution(_, let kernel, let stride, let padding):
                try writeConvolution(index, isFolded: isFolded, kernel: kernel, stride: stride, padding: padding)
                if isFolded { index += 1 }
            case .batchNorm:
                try writeBatchNorm(index)
            case .relu:
                append("Relu", index)
            case .maxPool(let size, let stride):
                append(
                    "MaxPool", index,
                    ["kernel_shape": .ints([size, size]), "strides": .ints([stride, stride])])
            case .dropout:
                break
            case .globalAveragePool:
                append("GlobalAveragePool", index)
            case .dense:
                try writeDense(index, input: shapes[index], isLast: index == layers.count - 1)
            }
            index += 1
        }
        nodes.append(
            ModelGraph.Node(
                "Softmax", name: "softmax", inputs: [current], outputs: ["probabilities"],
                attributes: ["axis": .int(1)]))
        return (nodes, constants)
    }

    private mutating func writePreprocessing() throws {
        let (scale, offset) = model.preprocessing.pixelTransform
        append("Cast", nil, ["to": .int(1)], named: "pixels")
        append("Transpose", nil, ["perm": .ints([0, 3, 1, 2])], named: "channels")
        try append("Mul", nil, with: [("preprocessing.scale", [1, 3, 1, 1], scale)], named: "scaled")
        try append("Sub", nil, with: [("preprocessing.offset", [1, 3, 1, 1], offset)], named: "input")
    }

    private mutating func writeConvolution(
        _ index: Int, isFolded: Bool, kernel: Int, stride: Int, padding: Int
    ) throws {
        let weights = try tensor(index, .weights)
        var bias = tensors[index]?[.bias]?.values ?? [Float](repeating: 0, count: weights.shape[3])
        let (taps, channels, filters) = (kernel * kernel, weights.shape[2], weights.shape[3])
        var factors = [Float](repeating: 1, count: filters)
        if isFolded {
            let (scale, shift) = try normalization(index + 1)
            factors = scale
            for k in 0..<filters { bias[k] = bias[k] * scale[k] + shift[k] }
        }
        // [R, S, C, K] becomes [K, C, R, S].
        var reordered = [Float](repeating: 0, count: weights.values.count)
        for tap in 0..<taps {
            for c in 0..<channels {
                for k in 0..<filters {
                    reordered[(k * channels + c) * taps + tap] =
                        weights.values[(tap * channels + c) * filters + k] * factors[k]
                }
            }
        }
        try append(
            "Conv", index,
            [
                "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
                "pads": .ints([padding, padding, padding, padding]),
            ],
            with: [
                (weights.name, [filters, channels, kernel, kernel], reordered),
                (weights.name.replacing(".weights", with: ".bias"), [filters], bias),
            ])
    }

    private mutating func writeBatchNorm(_ index: Int) throws {
        let order: [ParameterSpec.Role] = [.scale, .shift, .mean, .variance]
        try append(
            "BatchNormalization", index, ["epsilon": .float(BatchStatistics.epsilon)],
            with: order.map { role in
                let tensor = try tensor(index, role)
                return (tensor.name, tensor.shape, tensor.values)
            })
    }

    private mutating func writeDense(_ index: Int, input: FeatureShape, isLast: Bool) throws {
        let weights = try tensor(index, .weights)
        let bias = try tensor(index, .bias)
        let units = weights.shape[1]
        var values = weights.values
        let area = input.height * input.width
        if area > 1 {
            // Rows of the weights go from (pixel, channel) to (channel, pixel), the order in which NCHW flattens.
            for pixel in 0..<area {
                for c in 0..<input.channels {
                    let (from, to) = ((pixel * input.channels + c) * units, (c * area + pixel) * units)
                    for k in 0..<units { values[to + k] = weights.values[from + k] }
                }
            }
        }
        append("Flatten", index, ["axis": .int(1)], named: "flat\(index)")
        try append(
            "Gemm", index, with: [(weights.name, weights.shape, values), (bias.name, bias.shape, bias.values)],
            named: isLast ? "logits" : nil)
    }

    /// The factor and the summand by which running statistics normalize each channel.
    private func normalization(_ index: Int) throws -> (scale: [Float], shift: [Float]) {
        let (scale, shift) = (try tensor(index, .scale).values, try tensor(index, .shift).values)
        let (mean, variance) = (try tensor(index, .mean).values, try tensor(index, .variance).values)
        let factors = scale.indices.map { scale[$0] / (variance[$0] + BatchStatistics.epsilon).squareRoot() }
        return (factors, factors.indices.map { shift[$0] - mean[$0] * factors[$0] })
    }

    private func tensor(_ index: Int, _ role: ParameterSpec.Role) throws -> NamedTensor {
        guard let tensor = tensors[index]?[role] else {
            throw MLOpsError(
                .corruptData, "The layer \(index) of '\(model.spec.name)' has no \(role.rawValue).",
                help: "Load the model again.")
        }
        return tensor
    }

    private mutating func append(
        _ op: String, _ index: Int?, _ attributes: [String: ModelGraph.Attribute] = [:], named name: String? = nil
    ) {
        let output = name ?? "\(op.lowercased())\(index ?? 0)"
        nodes.append(
            ModelGraph.Node(op, name: "make_\(output)", inputs: [current], outputs: [output], attributes: attributes))
        current = output
    }

    private mutating func append(
        _ op: String, _ index: Int?, _ attributes: [String: ModelGraph.Attribute] = [:],
        with values: [(name: String, shape: [Int], values: [Float])], named name: String? = nil
    ) throws {
        append(op, index, attributes, named: name)
        for value in values { constants[value.name] = try TensorValue(shape: value.shape, floats: value.values) }
        nodes[nodes.count - 1].inputs += values.map(\.name)
    }
}
