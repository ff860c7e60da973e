public import MLOpsCore
public import MLOpsTensor

extension CNNModel {
    /// A network with the weights of a graph that somebody else wrote, to predict with or to train on from.
    ///
    /// Convolutions, batch normalizations and dense layers are found in the order of the graph, by their shapes,
    /// strides, padding and groups, and each must find its layer. Batch normalization that the graph has folded into a
    /// convolution becomes one that passes on what the convolution gives. What stands in the graph before and after
    /// the layers, such as preprocessing, is the caller's: compare the outputs of both before use.
    ///
    ///     let graph = try ONNXSerializer().deserialize(package.files)
    ///     let start = try CNNModel(weightsOf: graph, as: .resNet18(classes: 1000), preprocessing: size, labels: names)
    ///         .replacingHead(labels: ["cat", "dog"], seed: 1)
    ///
    /// - Parameters:
    ///   - graph: such as ``ModelGraph`` of a file that PyTorch wrote.
    ///   - spec: the network that the graph is.
    ///   - preprocessing: how a picture becomes the network's input.
    ///   - labels: the name of each class, in the order of the logits.
    /// - Throws: ``MLOpsError`` with `invalidArgument` when a layer finds no weights or weights find no layer,
    ///   `unsupported` for a description with group normalization.
    public init(
        weightsOf graph: ModelGraph, as spec: NetworkSpec, preprocessing: ImagePreprocessing, labels: [String]
    ) throws {
        var reader = GraphReader(graph)
        let layers = try spec.placed(for: preprocessing.inputShape).flatMap(\.all)
        var tensors: [Int: [ParameterSpec.Role: [Float]]] = [:]
        for (place, layer) in layers.enumerated() {
            switch layer.spec {
            case .convolution, .depthwiseConvolution:
                let (weights, rest) = try reader.convolution(of: layer)
                tensors[layer.index] = weights
                if layer.isNormalized { tensors[layers[place + 1].index] = rest }
            case .batchNorm where tensors[layer.index] == nil:
                tensors[layer.index] = try reader.normalization(channels: layer.input.channels)
            case .dense: tensors[layer.index] = try reader.dense(of: layer)
            case .groupNorm:
                throw MLOpsError(
                    .unsupported, "'\(spec.name)' has group normalization, whose weights are not read from graphs.",
                    help: "Use a network with batch normalization.")
            default: break
            }
        }
        try reader.finish()
        let weights = try spec.parameters(for: preprocessing.inputShape).map { parameter in
            guard let values = tensors[parameter.layer]?[parameter.role], values.count == parameter.count else {
                throw MLOpsError(
                    .invalidArgument, "The graph '\(graph.name)' has no \(parameter.name) \(parameter.shape).",
                    help: "Give the description of the network that the graph is.")
            }
            return NamedTensor(parameter.name, shape: parameter.shape, values: values)
        }
        try self.init(spec: spec, preprocessing: preprocessing, labels: labels, weights: weights)
    }
}
