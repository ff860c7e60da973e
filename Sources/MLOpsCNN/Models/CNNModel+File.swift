public import Foundation
internal import MLOpsCore

extension CNNModel {
    private struct Description: Codable {
        var spec: NetworkSpec
        var preprocessing: ImagePreprocessing
        var labels: [String]
    }

    private static let key = "swift-mlops.cnn"

    /// The model as a safetensors file, with its description in the metadata; equal models give equal bytes.
    public func serialized() throws -> Data {
        try Safetensors.encode(weights, metadata: metadata())
    }

    /// Reads a model from the bytes that ``serialized()`` gave.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData` when the bytes are damaged, `invalidArgument` when they don't fit.
    public init(serialized bytes: Data) throws {
        let (tensors, metadata) = try Safetensors.decode(bytes, source: "the model")
        try self.init(metadata: metadata, weights: tensors)
    }

    /// The description of the network as the metadata of a file.
    package func metadata() throws -> [String: String] {
        let description = Description(spec: spec, preprocessing: preprocessing, labels: labels)
        return [Self.key: String(decoding: try CanonicalJSON.encode(description), as: UTF8.self)]
    }

    /// Makes a model of such metadata and the weights in any order.
    package init(metadata: [String: String], weights: [NamedTensor]) throws {
        guard let text = metadata[Self.key] else {
            throw MLOpsError(
                .corruptData, "The file holds tensors, but not those of a model of this package.",
                help: "Give what CNNModel.serialized() wrote; a checkpoint's model is given by model(ofCheckpoint:).")
        }
        let description = try CanonicalJSON.decode(
            Description.self, from: Data(text.utf8), source: "the model's metadata")
        let order = try description.spec.parameters(for: description.preprocessing.inputShape).map(\.name)
        let byName = Dictionary(weights.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        try self.init(
            spec: description.spec, preprocessing: description.preprocessing, labels: description.labels,
            weights: order.compactMap { byName[$0] })
    }
}
