internal import AsyncHTTPClient
internal import Foundation
internal import MLOpsCore
internal import NIOCore
internal import NIOHTTP1

/// One request to a server, and its answer or the error it stands for.
struct HTTPExchange {
    private struct Failure: Decodable {
        var error: String
    }

    private let url: URL
    private let timeout: Duration
    private let maximumBytes: Int

    init(_ url: URL, _ timeout: Duration, _ maximumBytes: Int) {
        self.url = url
        self.timeout = timeout
        self.maximumBytes = maximumBytes
    }

    /// The body at a path, and the length of its inference header.
    func get(_ path: String) async throws -> (Data, headerLength: String?) {
        try await send(HTTPClientRequest(url: url.absoluteString + path))
    }

    /// The answer to a body, and the length of its inference header.
    func post(_ path: String, _ body: Data, _ headers: [String: String]) async throws -> (Data, headerLength: String?) {
        var request = HTTPClientRequest(url: url.absoluteString + path)
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws -> (Data, headerLength: String?) {
        let response: HTTPClientResponse
        let body: Data
        do {
            response = try await HTTPClient.shared.execute(request, timeout: TimeAmount(timeout))
            body = Data(try await response.body.collect(upTo: maximumBytes).readableBytesView)
        } catch let error as CancellationError {
            throw error
        } catch is NIOTooManyBytesError {
            throw MLOpsError(
                .limitExceeded, "The answer of \(request.url) has more than \(maximumBytes) bytes.",
                help: "Ask for fewer rows, or allow more.")
        } catch {
            throw MLOpsError(
                .unavailable, "Nothing answers at \(request.url).", help: "Check that the server runs.", cause: error)
        }
        guard response.status.code == 200 else {
            let message = (try? JSONDecoder().decode(Failure.self, from: body))?.error ?? response.status.reasonPhrase
            let code: MLOpsError.Code =
                switch response.status.code {
                case 404: .notFound
                case 413: .limitExceeded
                case 503: .unavailable
                case 400..<500: .invalidArgument
                default: .external
                }
            throw MLOpsError(
                code, "\(request.url) answered \(response.status.code): \(message)",
                help: "See the message; the server's log may say more.")
        }
        return (body, response.headers.first(name: "Inference-Header-Content-Length"))
    }
}
