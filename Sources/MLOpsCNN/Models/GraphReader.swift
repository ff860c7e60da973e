internal import MLOpsCore
internal import MLOpsTensor

/// Takes the weights of layers out of a graph; each node gives them once, the first that fits first.
struct GraphReader {
    typealias Tensors = [ParameterSpec.Role: [Float]]

    private let graph: ModelGraph
    private let constants: [String: TensorValue]
    private var unused: [ModelGraph.Node]

    init(_ graph: ModelGraph) {
        self.graph = graph
        // Writers give equal constants once, and pass them on; some write them as operators.
        var constants = graph.constants
        for node in graph.nodes where node.outputs.count == 1 {
            if node.op == "Identity", let source = node.inputs.first, let value = constants[source] {
                constants[node.outputs[0]] = value
            } else if node.op == "Constant", case .tensor(let value)? = node.attributes["value"] {
                constants[node.outputs[0]] = value
            }
        }
        self.constants = constants
        unused = graph.nodes.filter { node in
            switch node.op {
            case "Conv", "BatchNormalization", "Gemm": true
            case "MatMul": node.inputs.contains { constants[$0] != nil }
            default: false
            }
        }
    }

    /// The weights [R, S, C / groups, K] of a convolution, and what normalizes it, or would if it were not folded.
    mutating func convolution(of layer: PlacedLayer) throws -> (Tensors, Tensors) {
        guard let shape = Window(layer) else { throw missing(layer) }
        guard let place = unused.firstIndex(where: { $0.op == "Conv" && shape.fits($0, constants) }) else {
            throw missing(layer)
        }
        let node = unused.remove(at: place)
        let source = try floats(node, 1)
        let (taps, channels, filters) = (shape.kernel * shape.kernel, shape.channels, shape.filters)
        var weights = [Float](repeating: 0, count: source.count)
        for k in 0..<filters {
            for c in 0..<channels {
                for tap in 0..<taps {
                    weights[(tap * channels + c) * filters + k] = source[(k * channels + c) * taps + tap]
                }
            }
        }
        let bias = node.inputs.count > 2 ? try floats(node, 2) : [Float](repeating: 0, count: filters)
        guard layer.isNormalized else { return ([.weights: weights, .bias: bias], [:]) }
        guard
            let following = unused.firstIndex(where: {
                $0.op == "BatchNormalization" && $0.inputs.first == node.outputs.first
            })
        else {
            let ones = [Float](repeating: 1, count: filters)
            return (
                [.weights: weights],
                [
                    .scale: ones, .shift: bias, .mean: [Float](repeating: 0, count: filters),
                    .variance: ones.map { $0 - BatchStatistics.epsilon },
                ]
            )
        }
        var normalization = try tensors(of: unused.remove(at: following))
        // The mean of the sum is that of the sum without the bias, and the bias.
        normalization[.mean] = zip(normalization[.mean] ?? [], bias).map { $0 - $1 }
        return ([.weights: weights], normalization)
    }

    /// A batch normalization that follows no convolution.
    mutating func normalization(channels: Int) throws -> Tensors {
        guard
            let place = unused.firstIndex(where: {
                $0.op == "BatchNormalization" && shape($0, 1) == [channels]
            })
        else { throw missing("batch normalization of \(channels) channels") }
        return try tensors(of: unused.remove(at: place))
    }

    /// The weights [inputs, units] of a dense layer, and its bias.
    mutating func dense(of layer: PlacedLayer) throws -> Tensors {
        let (inputs, units) = (layer.input.count, layer.output.count)
        let place = unused.firstIndex { node in
            let isTurned = node.op == "Gemm" && node.attributes["transB"] == .int(1)
            return ["Gemm", "MatMul"].contains(node.op) && isPlain(node)
                && shape(node, 1) == (isTurned ? [units, inputs] : [inputs, units])
        }
        guard let place else { throw missing(layer) }
        let node = unused.remove(at: place)
        let source = try floats(node, 1)
        let isTurned = node.attributes["transB"] == .int(1)
        let (channels, area) = (layer.input.channels, layer.input.height * layer.input.width)
        var weights = [Float](repeating: 0, count: source.count)
        // Pictures flatten channel by channel there, and pixel by pixel here.
        for pixel in 0..<area {
            for c in 0..<channels {
                let (from, to) = (c * area + pixel, pixel * channels + c)
                for k in 0..<units {
                    weights[to * units + k] = source[isTurned ? k * inputs + from : from * units + k]
                }
            }
        }
        let bias = node.op == "Gemm" && node.inputs.count > 2 ? try floats(node, 2) : try addend(after: node)
        return [.weights: weights, .bias: bias ?? [Float](repeating: 0, count: units)]
    }

    /// Whether a product is x · W + b, with no factors and x as it is.
    private func isPlain(_ node: ModelGraph.Node) -> Bool {
        node.attributes["alpha"] ?? .float(1) == .float(1) && node.attributes["beta"] ?? .float(1) == .float(1)
            && node.attributes["transA"] ?? .int(0) == .int(0)
    }

    /// Throws `invalidArgument` when weights are left that no layer took.
    func finish() throws {
        guard unused.isEmpty else {
            throw MLOpsError(
                .invalidArgument,
                "No layer takes the weights of \(unused.prefix(5).map { "'\($0.name)' (\($0.op))" }), "
                    + "\(unused.count) in all.",
                help: "Give the description of the network that the graph is.")
        }
    }

    private func tensors(of node: ModelGraph.Node) throws -> Tensors {
        var epsilon: Float = 1e-5
        if case .float(let value)? = node.attributes["epsilon"] { epsilon = value }
        return [
            .scale: try floats(node, 1), .shift: try floats(node, 2), .mean: try floats(node, 3),
            .variance: try floats(node, 4).map { $0 + epsilon - BatchStatistics.epsilon },
        ]
    }

    /// The constant that is added to what a node gives; `nil` when there is none.
    private func addend(after node: ModelGraph.Node) throws -> [Float]? {
        guard let output = node.outputs.first,
            let sum = graph.nodes.first(where: { $0.op == "Add" && $0.inputs.contains(output) }),
            let constant = sum.inputs.first(where: { constants[$0] != nil })
        else { return nil }
        return try constants[constant]?.floats()
    }

    private func shape(_ node: ModelGraph.Node, _ input: Int) -> [Int]? {
        node.inputs.count > input ? constants[node.inputs[input]]?.shape : nil
    }

    private func floats(_ node: ModelGraph.Node, _ input: Int) throws -> [Float] {
        guard node.inputs.count > input, let value = constants[node.inputs[input]] else {
            throw missing("constant input \(input) of '\(node.name)' (\(node.op))")
        }
        return try value.floats()
    }

    private func missing(_ layer: PlacedLayer) -> MLOpsError {
        missing("weights for the layer \(layer.index), \(layer.spec),")
    }

    private func missing(_ what: String) -> MLOpsError {
        MLOpsError(
            .invalidArgument, "The graph '\(graph.name)' has no \(what) that is not taken.",
            help: "Give the description of the network that the graph is.")
    }

    /// What a convolution is found by.
    private struct Window {
        let kernel: Int, stride: Int, padding: Int, channels: Int, filters: Int, groups: Int

        init?(_ layer: PlacedLayer) {
            filters = layer.output.channels
            switch layer.spec {
            case .convolution(_, let kernel, let stride, let padding):
                (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
                (channels, groups) = (layer.input.channels, 1)
            case .depthwiseConvolution(let kernel, let stride, let padding):
                (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
                (channels, groups) = (1, layer.input.channels)
            default: return nil
            }
        }

        func fits(_ node: ModelGraph.Node, _ constants: [String: TensorValue]) -> Bool {
            func has(_ name: String, _ expected: [Int], default other: [Int]) -> Bool {
                guard case .ints(let values)? = node.attributes[name] else { return expected == other }
                return values == expected
            }
            guard node.inputs.count > 1, constants[node.inputs[1]]?.shape == [filters, channels, kernel, kernel]
            else { return false }
            return has("strides", [stride, stride], default: [1, 1])
                && has("pads", [padding, padding, padding, padding], default: [0, 0, 0, 0])
                && has("dilations", [1, 1], default: [1, 1])
                && node.attributes["auto_pad"] ?? .string("NOTSET") == .string("NOTSET")
                && node.attributes["group"] ?? .int(1) == .int(groups)
        }
    }
}
