internal import Hummingbird
internal import Logging
internal import MLOpsCore
internal import NIOCore

/// Answers every error with `{"error": …}` and a status that says whose mistake it is.
struct ErrorsAsJSON: RouterMiddleware {
    typealias Context = BasicRequestContext

    let logger: Logger

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch {
            let response = Response.error(error)
            if response.status.code >= 500 { logger.error("\(request.method) \(request.uri.path): \(error)") }
            return response
        }
    }
}

extension Response {
    /// The answer to a request that failed.
    static func error(_ error: any Error) -> Response {
        struct Body: Encodable {
            var error: String
        }
        let (status, message): (HTTPResponse.Status, String) =
            switch error {
            case let error as MLOpsError: (HTTPResponse.Status(of: error.code), "\(error.message) \(error.help)")
            case let error as HTTPError: (error.status, error.body ?? error.status.reasonPhrase)
            default: (.internalServerError, "The server failed.")
            }
        return (try? json(Body(error: message), status: status)) ?? Response(status: status)
    }
}

extension HTTPResponse.Status {
    /// The status that tells a client of an error.
    init(of code: MLOpsError.Code) {
        self =
            switch code {
            case .invalidArgument, .corruptData, .unsupported: .badRequest
            case .notFound: .notFound
            case .limitExceeded: .contentTooLarge
            case .unavailable: .serviceUnavailable
            default: .internalServerError
            }
    }
}
