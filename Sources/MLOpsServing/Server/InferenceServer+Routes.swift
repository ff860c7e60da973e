internal import Foundation
internal import Hummingbird
internal import MLOpsCore
internal import NIOCore

extension InferenceServer {
    /// What the server answers, by path.
    nonisolated func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ErrorsAsJSON(logger: logger))
        router.get("/v2") { _, _ in try Response.json(ServerMetadata()) }
        router.get("/v2/health/live") { _, _ in try Response.json(Liveness(live: true)) }
        router.get("/v2/health/ready") { [table] _, _ in try Response.ready(table.isReady) }
        router.get("/metrics") { [metrics, capture] _, _ in
            Response.text(metrics.prometheus(capture?.counts), type: "text/plain; version=0.0.4")
        }
        for path in ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"] {
            router.get("\(path)") { [self] _, context in try Response.json(ModelMetadata(model(context))) }
            router.get("\(path)/ready") { [self] _, context in
                _ = try model(context)
                return try Response.ready(table.isReady)
            }
            router.post("\(path)/infer") { [self] request, context in
                try await counted(model(context)) { try await infer(request, on: $0) }
            }
            router.post("\(path)/feedback") { [self] request, context in
                try await takeFeedback(request, on: model(context))
            }
        }
        return router
    }

    private nonisolated func model(_ context: BasicRequestContext) throws -> ServedModel {
        try table.model(context.parameters.require("model"), version: context.parameters.get("version"))
    }

    private nonisolated func counted(
        _ model: ServedModel, _ body: (ServedModel) async throws -> Response
    ) async throws -> Response {
        do {
            let response = try await body(model)
            metrics.count(model: model.name, status: response.status.code)
            return response
        } catch {
            metrics.count(model: model.name, status: Response.error(error).status.code)
            throw error
        }
    }
}

extension Request {
    /// The body; throws `limitExceeded` when it is larger than allowed.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw HTTPError(.unsupportedMediaType, message: "The content encoding '\(encoding)' is not taken.")
        }
        let tooLarge = MLOpsError(
            .limitExceeded, "The request has more than \(limit) bytes.", help: "Send fewer rows in a request.")
        if let length = headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
        do { return Array(try await body.collect(upTo: limit).readableBytesView) } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }
}

private struct Liveness: Encodable {
    var live: Bool
}

private struct Readiness: Encodable {
    var ready: Bool
}

extension Response {
    /// A value as JSON, with its keys sorted.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try CanonicalJSON.encode(value))))
    }

    static func text(_ text: String, type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// 200 when ready, 400 otherwise, as the protocol has it.
    static func ready(_ isReady: Bool) throws -> Response {
        try json(Readiness(ready: isReady), status: isReady ? .ok : .badRequest)
    }
}
