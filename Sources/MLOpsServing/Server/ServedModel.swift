public import MLOpsCore

/// A model that an ``InferenceServer`` answers for.
public struct ServedModel: Sendable {
    /// Describes one row of a request with numbers, for drift; gets the decoded inputs as batches of one.
    public typealias FeatureExtractor = @Sendable (_ row: [String: TensorValue]) throws -> [String: Double]

    /// The name in the URL.
    public var name: String
    /// The version in the URL.
    public var version: String
    /// The package: signature, labels, threshold, golden vectors.
    public var package: ModelPackage
    /// What predicts.
    public var predictor: any Predictor
    /// Decodes what is sent as `BYTES` for an input of another type, such as pictures or rows of JSON; without it only
    /// tensors are taken.
    public var decoder: (any InputDecoder)?
    /// The id of the deployment, kept with each captured prediction.
    public var deployment: String
    /// Computes the features kept with each captured prediction; runs after the answer is sent.
    public var features: FeatureExtractor?

    /// Makes a served model.
    ///
    /// - Parameter deployment: the id of the deployment; by default the name and the start of the package's digest.
    public init(
        _ name: String, package: ModelPackage, predictor: any Predictor, decoder: (any InputDecoder)? = nil,
        version: String = "1", deployment: String? = nil, features: FeatureExtractor? = nil
    ) {
        self.name = name
        self.version = version
        self.package = package
        self.predictor = predictor
        self.decoder = decoder
        self.deployment = deployment ?? "\(name)@\(package.digest.short)"
        self.features = features
    }

    /// The input that takes encoded bytes too; `nil` without a decoder or such an input.
    var encodedInput: ModelSignature.TensorSpec? {
        decoder.flatMap { decoder in package.manifest.signature.inputs.first(where: decoder.decodes) }
    }

    /// The input that takes encoded pictures too; `nil` when there is none.
    var imageInput: ModelSignature.TensorSpec? { encodedInput.flatMap { $0.elementType == .uint8 ? $0 : nil } }

    /// Checks the package against the predictor: signatures are equal, golden vectors match.
    func verify() async throws {
        guard predictor.signature == package.manifest.signature else {
            throw MLOpsError(
                .digestMismatch, "The predictor of '\(name)' has another signature than its package.",
                help: "Open the package \(package.digest.short) with its runtime, and serve that.")
        }
        try await package.verifyGoldenVectors(on: predictor)
    }
}
