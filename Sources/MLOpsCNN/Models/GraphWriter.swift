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
        try write(model.spec.placed(for: model.preprocessing.inputShape))
        // The last layer gives the logits.
        nodes[nodes.count - 1].outputs = ["logits"]
        nodes.append(
            ModelGraph.Node(
                "Softmax", name: "softmax", inputs: ["logits"], outputs: ["probabilities"],
                attributes: ["axis": .int(1)]))
        return (nodes, constants)
    }

    private mutating func write(_ layers: [PlacedLayer]) throws {
        var place = 0
        while place < layers.count {
            let layer = layers[place]
            switch layer.spec {
            case .convolution(_, let kernel, let stride, let padding),
                .depthwiseConvolution(let kernel, let stride, let padding):
                let isFolded = layer.isNormalized
                try writeConvolution(
                    layer, normalization: isFolded ? layers[place + 1].index : nil, kernel: kernel, stride: stride,
                    padding: padding)
                if isFolded { place += 1 }
            case .batchNorm: try writeBatchNorm(layer.index)
            case .groupNorm(let groups): try writeGroupNorm(layer, groups: groups)
            case .relu: append("Relu", layer.index)
            case .relu6:
                try append("Clip", layer.index, with: [("zero", [], [0]), ("six", [], [6])])
            case .gelu: try writeGELU(layer.index)
            case .silu:
                let x = current
                append("Sigmoid", layer.index)
                append("Mul", layer.index, and: x)
            case .maxPool(let size, let stride, let padding):
                append(
                    "MaxPool", layer.index,
                    [
                        "kernel_shape": .ints([size, size]), "strides": .ints([stride, stride]),
                        "pads": .ints([padding, padding, padding, padding]),
                    ])
            case .averagePool(let size, let stride):
                append(
                    "AveragePool", layer.index,
                    ["kernel_shape": .ints([size, size]), "strides": .ints([stride, stride])])
            case .dropout: break
            case .globalAveragePool: append("GlobalAveragePool", layer.index)
            case .dense: try writeDense(layer)
            case .residual:
                let start = current
                // A dense layer gives [N, C], and pooling [N, C, 1, 1], which would be added to each other as a table.
                let isFlat = (layer.body + layer.shortcut).flatMap(\.all).contains {
                    if case .dense = $0.spec { true } else { false }
                }
                try write(layer.body)
                if isFlat { append("Flatten", layer.index, named: "flatBody\(layer.index)") }
                let sum = current
                current = start
                try write(layer.shortcut)
                if isFlat { append("Flatten", layer.index, named: "flatShortcut\(layer.index)") }
                append("Add", layer.index, and: sum)
            }
            place += 1
        }
    }

    private mutating func writePreprocessing() throws {
        let (scale, offset) = model.preprocessing.pixelTransform
        append("Cast", nil, ["to": .int(1)], named: "pixels")
        append("Transpose", nil, ["perm": .ints([0, 3, 1, 2])], named: "channels")
        try append("Mul", nil, with: [("preprocessing.scale", [1, 3, 1, 1], scale)], named: "scaled")
        try append("Sub", nil, with: [("preprocessing.offset", [1, 3, 1, 1], offset)], named: "input")
    }

    private mutating func writeConvolution(
        _ layer: PlacedLayer, normalization: Int?, kernel: Int, stride: Int, padding: Int
    ) throws {
        let weights = try tensor(layer.index, .weights)
        var bias = tensors[layer.index]?[.bias]?.values ?? [Float](repeating: 0, count: weights.shape[3])
        let (taps, channels, filters) = (kernel * kernel, weights.shape[2], weights.shape[3])
        var factors = [Float](repeating: 1, count: filters)
        if let normalization {
            let (scale, shift) = try self.normalization(normalization)
            factors = scale
            for k in 0..<filters { bias[k] = bias[k] * scale[k] + shift[k] }
        }
        // [R, S, C / groups, K] becomes [K, C / groups, R, S].
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
            "Conv", layer.index,
            [
                "group": .int(layer.input.channels / channels),
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

    /// Each group of a picture becomes a channel of one row, which the standard normalizes by itself.
    private mutating func writeGroupNorm(_ layer: PlacedLayer, groups: Int) throws {
        let (index, shape) = (layer.index, layer.input)
        try append("Reshape", index, shape: [0, groups, -1], named: "groups\(index)")
        try append(
            "InstanceNormalization", index, ["epsilon": .float(GroupNorm.epsilon)],
            with: [
                ("groups\(index).ones", [groups], [Float](repeating: 1, count: groups)),
                ("groups\(index).zeros", [groups], [Float](repeating: 0, count: groups)),
            ])
        try append("Reshape", index, shape: [0, shape.channels, shape.height, shape.width], named: "ungrouped\(index)")
        let (scale, shift) = (try tensor(index, .scale), try tensor(index, .shift))
        try append("Mul", index, with: [(scale.name, [1, shape.channels, 1, 1], scale.values)])
        try append("Add", index, with: [(shift.name, [1, shape.channels, 1, 1], shift.values)])
    }

    /// x · ½ (1 + erf(x / √2)), by operators of set 17, which has none for the whole.
    private mutating func writeGELU(_ index: Int) throws {
        let x = current
        try append("Mul", index, with: [("gelu.slope", [], [Float(0.5).squareRoot()])], named: "scaled\(index)")
        append("Erf", index)
        try append("Add", index, with: [("gelu.one", [], [1])], named: "raised\(index)")
        append("Mul", index, and: x, named: "weighted\(index)")
        try append("Mul", index, with: [("gelu.half", [], [0.5])], named: "gelu\(index)")
    }

    private mutating func writeDense(_ layer: PlacedLayer) throws {
        let (index, input) = (layer.index, layer.input)
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
            "Gemm", index, with: [(weights.name, weights.shape, values), (bias.name, bias.shape, bias.values)])
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
        _ op: String, _ index: Int?, _ attributes: [String: ModelGraph.Attribute] = [:], and other: String? = nil,
        named name: String? = nil
    ) {
        let output = name ?? "\(op.lowercased())\(index ?? 0)"
        nodes.append(
            ModelGraph.Node(
                op, name: "make_\(output)", inputs: [current] + (other.map { [$0] } ?? []), outputs: [output],
                attributes: attributes))
        current = output
    }

    private mutating func append(_ op: String, _ index: Int, shape: [Int], named name: String) throws {
        append(op, index, named: name)
        let constant = "\(name).shape"
        let bytes = shape.map { Int64($0).littleEndian }.withUnsafeBytes { Array($0) }
        constants[constant] = try TensorValue(.int64, shape: [shape.count], bytes: bytes)
        nodes[nodes.count - 1].inputs.append(constant)
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
