internal import AsyncHTTPClient
public import Foundation
public import MLOpsCore
internal import NIOCore
internal import Synchronization

/// A model behind an Open Inference Protocol v2 server, used as a ``Predictor``; tensors travel as binary data.
public final class HTTPEndpoint: Predictor {
    /// Where the server is.
    public let url: URL
    /// The name of the model there.
    public let model: String
    /// What the model takes and gives, as the server says.
    public let signature: ModelSignature
    /// The digest of the package that the server says it runs; `nil` when it does not say.
    public let package: Digest?
    /// The input that takes encoded pictures; `nil` when there is none.
    public let encodedImageInput: String?
    private let timeout: Duration
    private let maximumBytes: Int
    private let isClosed = Mutex(false)

    private init(
        _ url: URL, _ model: String, _ metadata: ModelMetadata, timeout: Duration, maximumBytes: Int
    ) {
        self.url = url
        self.model = model
        self.timeout = timeout
        self.maximumBytes = maximumBytes
        signature = metadata.signature
        package = metadata.parameters?.digest
        encodedImageInput = metadata.parameters?.encodedImageInput
    }

    /// Connects to a model and asks for its signature.
    ///
    /// - Parameters:
    ///   - timeout: the greatest time for a request.
    ///   - maximumBytes: the greatest answer that is taken.
    /// - Throws: ``MLOpsError`` with `unavailable` when nothing answers there, `notFound` when there is no such model.
    public static func connect(
        to url: URL, model: String, timeout: Duration = .seconds(60), maximumBytes: Int = 256 << 20
    ) async throws -> HTTPEndpoint {
        let path = "/v2/models/\(Self.escape(model))"
        let (body, _) = try await HTTPExchange(url, timeout, 1 << 20).get(path)
        let metadata = try CanonicalJSON.decode(ModelMetadata.self, from: body, source: "\(url)\(path)")
        return HTTPEndpoint(url, model, metadata, timeout: timeout, maximumBytes: maximumBytes)
    }

    /// Whether the server at a URL says it is ready; `false` when nothing answers.
    public static func isReady(_ url: URL) async -> Bool {
        (try? await HTTPExchange(url, .seconds(5), 1 << 16).get("/v2/health/ready")) != nil
    }

    /// Predicts on the server.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the inputs do not fit, `unavailable` when nothing answers
    ///   any more, `external` when the server fails.
    public func predict(_ inputs: [String: TensorValue]) async throws -> [String: TensorValue] {
        try signature.check(inputs: inputs)
        return try await infer(inputs).outputs
    }

    /// Predicts on encoded pictures, which the server decodes; also gives the inference id of each picture.
    ///
    /// - Parameters:
    ///   - tags: are kept with the captured predictions, such as `camera: north-gate`.
    ///   - id: the id of the request; `nil` lets the server make one.
    /// - Throws: ``MLOpsError`` with `unsupported` when the model takes no encoded pictures, `invalidArgument` when one
    ///   can't be decoded; else like ``predict(_:)``.
    public func predict(
        encodedImages: [[UInt8]], tags: [String: String] = [:], id: String? = nil
    ) async throws -> (outputs: [String: TensorValue], inferenceIDs: [String]) {
        guard let input = encodedImageInput else {
            throw MLOpsError(
                .unsupported, "The model '\(model)' at \(url) takes no encoded pictures.", help: "Send its tensors.")
        }
        let answer = try await infer([input: TensorValue(byteStrings: encodedImages)], tags: tags, id: id)
        let ids = encodedImages.indices.map { InferenceID.row($0, of: answer.id) }
        return (answer.outputs, ids)
    }

    /// Tells the server the truth about a prediction; the same again changes nothing.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the label is no class of the model.
    public func send(_ label: PredictionLabel) async throws {
        let feedback = Feedback(id: label.id, label: label.label, source: label.source, at: label.at)
        _ = try await exchange().post(
            "/v2/models/\(Self.escape(model))/feedback", CanonicalJSON.encode(feedback), ["content-type": "application/json"])
    }

    /// From now on every call throws `unavailable`, whatever answers at the URL.
    func close() { isClosed.withLock { $0 = true } }

    private func exchange() throws -> HTTPExchange {
        guard !isClosed.withLock({ $0 }) else {
            throw MLOpsError(
                .unavailable, "What answered for '\(model)' at \(url) has been withdrawn.", help: "Deploy it again.")
        }
        return HTTPExchange(url, timeout, maximumBytes)
    }

    private func infer(
        _ inputs: [String: TensorValue], tags: [String: String] = [:], id: String? = nil
    ) async throws -> (outputs: [String: TensorValue], id: String) {
        let message = try BinaryMessage(request: inputs, tags: tags, id: id)
        let (body, headerLength) = try await exchange().post(
            "/v2/models/\(Self.escape(model))/infer", message.body,
            [
                "content-type": "application/octet-stream", "inference-header-content-length": "\(message.headerLength)",
            ])
        return try BinaryMessage.readAnswer(body, headerLength: headerLength, from: url)
    }

    private static func escape(_ name: String) -> String {
        name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~"))) ?? name
    }
}
