internal import Foundation
internal import Hummingbird
internal import MLOpsCore
internal import MLOpsDeploy
internal import NIOCore

extension InferenceServer {
    /// Answers an inference request: reads it, predicts, captures, and writes the answer.
    nonisolated func infer(_ request: Request, on model: ServedModel) async throws -> Response {
        let body = try await request.bytes(upTo: configuration.maximumBodyBytes)
        let inference: InferenceRequest
        if let type = request.headers[.contentType], type.hasPrefix("image/") {
            inference = try .picture(body, of: model, query: request.uri.queryParameters)
        } else {
            inference = try InferenceRequest(
                body, headerLength: request.headers[text: "Inference-Header-Content-Length"])
        }
        let outputs = try inference.requestedOutputs(of: model.package.manifest.signature)
        let (inputs, sources) = try resolve(inference, for: model)
        let id = inference.id ?? request.headers[text: "X-Request-Id"] ?? makeID()

        let (answer, latency) = try await clock.timed { try await model.predictor.predict(inputs) }
        metrics.observe(model: model.name, seconds: latency.seconds)
        capture?.offer(
            .init(
                id: id, at: wallClock.now(), model: model, inputs: inputs, sources: sources, outputs: answer,
                tags: inference.tags, latency: latency.seconds))

        let response = try InferenceResponse(model, id: id, answer, outputs: outputs)
        return response.http(digest: model.package.digest)
    }

    /// The tensors that the model takes: encoded pictures are decoded, all are checked.
    ///
    /// `sources` are the pictures as they came, for the digest of the input.
    private nonisolated func resolve(
        _ request: InferenceRequest, for model: ServedModel
    ) throws -> (inputs: [String: TensorValue], sources: [[UInt8]]?) {
        var inputs = request.inputs
        for (name, value) in inputs.sorted(by: { $0.key < $1.key }) {
            guard let rows = value.rowCount, rows >= 1 else {
                throw MLOpsError(
                    .invalidArgument, "The input '\(name)' has the shape \(value.shape): no row.",
                    help: "Let the first dimension count the rows, at least 1.")
            }
            guard rows <= configuration.maximumBatch else {
                throw MLOpsError(
                    .limitExceeded,
                    "The input '\(name)' has \(rows) rows; at most \(configuration.maximumBatch) are taken.",
                    help: "Send fewer rows in a request.")
            }
        }
        var sources: [[UInt8]]?
        if let spec = model.encodedInput, let decoder = model.decoder, let value = inputs[spec.name],
            value.elementType == .bytes
        {
            let pictures = try value.byteStrings().map(Array.init)
            let rows = try pictures.map { picture in
                let row = try decoder.decode(picture, for: spec)
                return try TensorValue(row.elementType, shape: [1] + row.shape, bytes: row.bytes)
            }
            inputs[spec.name] = try .concatenating(rows)
            sources = pictures
        }
        try model.package.manifest.signature.check(inputs: inputs)
        guard Set(inputs.values.map(\.rowCount)).count == 1 else {
            throw MLOpsError(
                .invalidArgument, "The inputs have different numbers of rows: \(inputs.mapValues(\.shape)).",
                help: "Give every input the same first dimension.")
        }
        return (inputs, sources)
    }
}

extension Clock where Duration == Swift.Duration {
    /// The body's result, and how long it took.
    fileprivate func timed<Result>(_ body: () async throws -> Result) async rethrows -> (Result, Swift.Duration) {
        let start = now
        let result = try await body()
        return (result, start.duration(to: now))
    }
}

extension HTTPFields {
    /// A field by its name as text; `nil` when it is not there.
    subscript(text name: String) -> String? {
        get { HTTPFields.Element.Name(name).flatMap { self[$0] } }
        set { if let name = HTTPFields.Element.Name(name) { self[name] = newValue } }
    }
}
