internal import MLOpsCore
internal import MLOpsTensor

/// Small graphs to test with, with weights from a seed.
enum SampleGraphs {
    /// A classifier of pictures: bytes [N, H, W, C] in, preprocessing, convolutions, pooling, probabilities out.
    static func classifier(seed: UInt64 = 7, size: Int = 12) throws -> ModelGraph {
        var random = SeededGenerator(seed: seed)
        func weights(_ shape: [Int], around center: Double = 0, scale: Double = 0.4) throws -> TensorValue {
            let count = shape.reduce(1, *)
            return try TensorValue(
                shape: shape, floats: (0..<count).map { _ in Float(center + scale * (2 * random.uniform() - 1)) })
        }
        let constants: [String: TensorValue] = [
            "mean": try TensorValue(shape: [1, 3, 1, 1], floats: [123, 116, 103]),
            "deviation": try TensorValue(shape: [1, 3, 1, 1], floats: [58, 57, 57]),
            "conv1.weight": try weights([8, 3, 3, 3]), "conv1.bias": try weights([8]),
            "bn.scale": try weights([8], around: 1), "bn.offset": try weights([8]), "bn.mean": try weights([8]),
            "bn.variance": try weights([8], around: 1),
            "conv2.weight": try weights([16, 8, 3, 3], scale: 0.2), "conv2.bias": try weights([16]),
            "fc.weight": try weights([2, 16]), "fc.bias": try weights([2]),
        ]
        typealias Node = ModelGraph.Node
        return ModelGraph(
            name: "classifier",
            signature: ModelSignature(
                inputs: [.init("image", .uint8, shape: [-1, size, size, 3])],
                outputs: [.init("probabilities", .float32, shape: [-1, 2])]),
            nodes: [
                Node("Cast", name: "cast", inputs: ["image"], outputs: ["real"], attributes: ["to": .int(1)]),
                Node(
                    "Transpose", name: "channels_first", inputs: ["real"], outputs: ["planes"],
                    attributes: ["perm": .ints([0, 3, 1, 2])]),
                Node("Sub", name: "center", inputs: ["planes", "mean"], outputs: ["centered"]),
                Node("Div", name: "scale", inputs: ["centered", "deviation"], outputs: ["x"]),
                Node(
                    "Conv", name: "conv1", inputs: ["x", "conv1.weight", "conv1.bias"], outputs: ["c1"],
                    attributes: ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]),
                Node(
                    "BatchNormalization", name: "bn",
                    inputs: ["c1", "bn.scale", "bn.offset", "bn.mean", "bn.variance"], outputs: ["b1"],
                    attributes: ["epsilon": .float(1e-3)]),
                Node("Relu", name: "relu1", inputs: ["b1"], outputs: ["r1"]),
                Node(
                    "MaxPool", name: "pool", inputs: ["r1"], outputs: ["p1"],
                    attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
                Node(
                    "Conv", name: "conv2", inputs: ["p1", "conv2.weight", "conv2.bias"], outputs: ["c2"],
                    attributes: [
                        "kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "auto_pad": .string("SAME_UPPER"),
                    ]),
                Node("Relu", name: "relu2", inputs: ["c2"], outputs: ["r2"]),
                Node("GlobalAveragePool", name: "mean_pool", inputs: ["r2"], outputs: ["g"]),
                Node("Flatten", name: "flatten", inputs: ["g"], outputs: ["features"]),
                Node(
                    "Gemm", name: "fc", inputs: ["features", "fc.weight", "fc.bias"], outputs: ["logits"],
                    attributes: ["transB": .int(1)]),
                Node("Softmax", name: "softmax", inputs: ["logits"], outputs: ["probabilities"]),
            ],
            constants: constants, metadata: ["mlops.run": "run-1", "mlops.dataset": "sha256:00"])
    }

    /// Pictures of noise for ``classifier(seed:size:)``.
    static func pictures(_ count: Int, size: Int = 12, seed: UInt64 = 1) throws -> TensorValue {
        var random = SeededGenerator(seed: seed)
        return try TensorValue(
            .uint8, shape: [count, size, size, 3],
            bytes: (0..<count * size * size * 3).map { _ in UInt8(random.integer(below: 256)) })
    }

    /// A graph of the given nodes from "x" to "y", both of floats.
    static func graph(
        _ nodes: [ModelGraph.Node], x: [Int] = [-1, 4], y: [Int] = [-1, 4], constants: [String: TensorValue] = [:]
    ) -> ModelGraph {
        ModelGraph(
            name: "sample",
            signature: ModelSignature(
                inputs: [.init("x", .float32, shape: x)], outputs: [.init("y", .float32, shape: y)]),
            nodes: nodes, constants: constants)
    }

    /// A graph of one operator from "x" to "y", in which no shape is known but the ranks.
    static func single(
        _ op: String, _ attributes: [String: ModelGraph.Attribute] = [:], x: [Int], y: [Int],
        constants: [(String, TensorValue)] = []
    ) -> ModelGraph {
        graph(
            [.init(op, name: "node", inputs: ["x"] + constants.map(\.0), outputs: ["y"], attributes: attributes)],
            x: x, y: y, constants: Dictionary(constants) { a, _ in a })
    }
}
