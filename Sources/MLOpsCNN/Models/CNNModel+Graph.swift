public import MLOpsCore
public import MLOpsTensor

extension CNNModel {
    /// What the exported model takes and gives: pixels UINT8 [N, H, W, 3] in, logits and probabilities
    /// FP32 [N, classes] out.
    public var signature: ModelSignature {
        ModelSignature(
            inputs: [.init("image", .uint8, shape: [-1, preprocessing.height, preprocessing.width, 3])],
            outputs: [
                .init("logits", .float32, shape: [-1, labels.count]),
                .init("probabilities", .float32, shape: [-1, labels.count]),
            ])
    }

    /// The model with its preprocessing as a graph of ONNX operators, for a serializer to write.
    ///
    /// Batch normalization that follows a convolution is folded into its weights; dropout is left out.
    ///
    /// - Parameters:
    ///   - name: the name of the graph.
    ///   - metadata: texts to carry along, such as lineage ids; `labels` and `weights` are added.
    public func graph(name: String? = nil, metadata: [String: String] = [:]) throws -> ModelGraph {
        let (nodes, constants) = try GraphWriter(self).write()
        var metadata = metadata
        metadata["labels"] = String(decoding: try CanonicalJSON.encode(labels), as: UTF8.self)
        metadata["weights"] = weightsDigest.description
        return ModelGraph(
            name: name ?? spec.name, signature: signature, nodes: nodes, constants: constants, metadata: metadata)
    }
}
