internal import MLOpsCore

/// What `GET /v2` answers.
struct ServerMetadata: Codable {
    var name = "swift-mlops"
    var version = InferenceServer.version
    var extensions = ["binary_tensor_data", "feedback"]
}

/// What `GET /v2/models/{model}` answers.
struct ModelMetadata: Codable {
    struct Tensor: Codable {
        var name: String
        var datatype: ElementType
        var shape: [Int]

        init(_ spec: ModelSignature.TensorSpec) {
            name = spec.name
            datatype = spec.elementType
            shape = spec.shape
        }

        var spec: ModelSignature.TensorSpec { .init(name, datatype, shape: shape) }
    }

    struct Parameters: Codable {
        /// The digest of the package.
        var digest: Digest?
        /// The input that also takes `BYTES[N]` of encoded pictures, and `image/*` bodies.
        var encodedImageInput: String?

        enum CodingKeys: String, CodingKey { case digest, encodedImageInput = "encoded_image_input" }
    }

    var name: String
    var versions: [String]
    var platform: String
    var inputs: [Tensor]
    var outputs: [Tensor]
    var parameters: Parameters?

    init(_ model: ServedModel) {
        let signature = model.package.manifest.signature
        name = model.name
        versions = [model.version]
        platform = "swift-mlops_\(model.package.manifest.format)"
        inputs = signature.inputs.map(Tensor.init)
        outputs = signature.outputs.map(Tensor.init)
        parameters = Parameters(digest: model.package.digest, encodedImageInput: model.imageInput?.name)
    }

    var signature: ModelSignature { ModelSignature(inputs: inputs.map(\.spec), outputs: outputs.map(\.spec)) }
}
