internal import Foundation
internal import Hummingbird
internal import MLOpsCore
internal import NIOCore

/// The answer to an inference request: JSON, and the binary tensors behind it.
struct InferenceResponse {
    /// The JSON of the answer.
    struct Header: Codable {
        var modelName: String
        var modelVersion: String?
        var id: String?
        var outputs: [JSONTensor]

        enum CodingKeys: String, CodingKey {
            case modelName = "model_name", modelVersion = "model_version", id, outputs
        }
    }

    let id: String
    let json: Data
    let binary: [[UInt8]]

    /// The answer of a model, with the outputs asked for.
    ///
    /// - Throws: ``MLOpsError`` with `external` when the predictor did not give an output, or a number in JSON is not
    ///   finite.
    init(
        _ model: ServedModel, id: String, _ answer: [String: TensorValue], outputs: [(name: String, binary: Bool)]
    ) throws {
        var tensors: [JSONTensor] = []
        var binary: [[UInt8]] = []
        for output in outputs {
            guard let value = answer[output.name] else {
                throw MLOpsError(
                    .external, "The model '\(model.name)' did not give its output '\(output.name)'.",
                    help: "Check the package's signature.")
            }
            tensors.append(JSONTensor(output.name, value, binary: output.binary))
            if output.binary { binary.append(value.bytes) }
        }
        self.id = id
        self.binary = binary
        do {
            json = try CanonicalJSON.encode(
                Header(modelName: model.name, modelVersion: model.version, id: id, outputs: tensors))
        } catch let error as EncodingError {
            throw MLOpsError(
                .external, "The answer of '\(model.name)' holds a number that JSON can't.",
                help: "Ask for binary data to see it.", cause: error)
        }
    }

    /// The HTTP response, with the inference id and the package's digest as headers.
    func http(digest: Digest) -> Response {
        var headers: HTTPFields = [:]
        headers[text: "Inference-Id"] = id.allSatisfy { $0.isASCII && !$0.isNewline } ? id : nil
        headers[text: "X-Model-Digest"] = "\(digest)"
        headers[.contentType] = "application/json"
        var buffer = ByteBuffer(bytes: json)
        if !binary.isEmpty {
            headers[.contentType] = "application/octet-stream"
            headers[text: "Inference-Header-Content-Length"] = "\(json.count)"
            for bytes in binary { buffer.writeBytes(bytes) }
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: buffer))
    }
}
