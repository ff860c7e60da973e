internal import Foundation
public import MLOpsCore

/// A trained convolutional network as a value: its description, its weights, its labels and its preprocessing.
public struct CNNModel: Sendable, Hashable {
    /// The layers.
    public let spec: NetworkSpec
    /// How a picture becomes the network's input.
    public let preprocessing: ImagePreprocessing
    /// The name of each class, in the order of the logits.
    public let labels: [String]
    /// Every tensor of the network in a fixed order: learned ones, and the statistics of batch normalization.
    public let weights: [NamedTensor]

    /// Makes a model.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the description can't take pictures of that size, or
    ///   labels or weights do not fit it.
    public init(
        spec: NetworkSpec, preprocessing: ImagePreprocessing, labels: [String], weights: [NamedTensor]
    ) throws {
        let expected = try spec.parameters(for: preprocessing.inputShape)
        try spec.check(labels: labels)
        guard weights.count == expected.count,
            zip(weights, expected).allSatisfy({
                $0.name == $1.name && $0.shape == $1.shape && $0.values.count == $1.count
            })
        else {
            throw MLOpsError(
                .invalidArgument, "The weights \(weights.map(\.name)) are not those of the network '\(spec.name)'.",
                help: "Give \(expected.map { "\($0.name) \($0.shape)" }), in this order.")
        }
        self.spec = spec
        self.preprocessing = preprocessing
        self.labels = labels
        self.weights = weights
    }

    /// The identity of the weights: the SHA-256 of each tensor's name, shape and elements, in order.
    ///
    /// The shape is hashed as 64-bit integers and the elements as 32-bit floats, both little-endian.
    public var weightsDigest: Digest {
        var digester = Digester()
        for tensor in weights {
            digester.update(Data(tensor.name.utf8) + [0])
            digester.update([UInt64(tensor.shape.count)].littleEndianBytes)
            digester.update(tensor.shape.map { UInt64($0) }.littleEndianBytes)
            digester.update(tensor.values.withUnsafeBytes { Data($0) })
        }
        return digester.finalize()
    }
}

extension ImagePreprocessing {
    /// The shape of the network's input.
    package var inputShape: FeatureShape { FeatureShape(height: height, width: width, channels: 3) }

    /// What a pixel in 0…255 is multiplied by, and what is then subtracted, to give (pixel / 255 − mean) / deviation.
    package var pixelTransform: (scale: [Float], offset: [Float]) {
        (standardDeviation.map { 1 / (255 * $0) }, zip(mean, standardDeviation).map { $0 / $1 })
    }
}

extension NetworkSpec {
    /// Throws `invalidArgument` when the labels are not one for each class, each once.
    package func check(labels: [String]) throws {
        guard let classes, labels.count == classes, Set(labels).count == classes else {
            throw MLOpsError(
                .invalidArgument, "The network '\(name)' has \(classes ?? 0) classes, but the labels are \(labels).",
                help: "Give one label for each unit of the last layer, all different.")
        }
    }
}

extension [UInt64] {
    fileprivate var littleEndianBytes: Data { map(\.littleEndian).withUnsafeBytes { Data($0) } }
}
