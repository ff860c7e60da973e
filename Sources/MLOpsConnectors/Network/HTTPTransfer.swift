internal import AsyncHTTPClient
internal import Foundation
internal import MLOpsCore
internal import NIOCore
internal import NIOHTTP1

/// Requests that are sent again when they fail for a reason that passes.
///
/// Lost connections, timeouts and the answers 408, 429 and 5xx are tried again after pauses that grow, or that the server
/// asks for; a body that was broken off is gone on with by its range, when the server names what it sends.
struct HTTPTransfer: Sendable {
    var client: HTTPClient
    /// How long a request may take until its answer begins.
    var timeout: Duration
    var backoff: Backoff
    var clock: any Clock<Duration>

    /// An answer with its whole body.
    struct Reply {
        var status: Int
        var headers: HTTPHeaders
        var body: Data
    }

    /// The answer to a request, made anew for each try.
    ///
    /// - Parameters:
    ///   - maxBytes: the most bytes that the body may have; of an answer that is no success, the most that are kept.
    ///   - request: makes a request with headers added.
    /// - Throws: ``MLOpsError`` with `unavailable` when all tries failed, `limitExceeded` for a body that is too large.
    func reply(
        from place: String, maxBytes: Int,
        to request: ([(name: String, value: String)]) throws -> HTTPClientRequest
    ) async throws -> Reply {
        var body = PartialBody(maxBytes: maxBytes, place: place)
        var failures = 0
        while true {
            let before = body.bytes.count
            let failure: Failure
            do {
                let request = try request(body.resumption)
                let response = try await client.follow(request, timeout: timeout)
                if let reply = try await body.take(response) { return reply }
                failure = Failure(
                    reason: "\(place) answered \(response.status).",
                    wait: response.headers.first(name: "retry-after").flatMap { Int($0) }.map { .seconds($0) })
            } catch let error as MLOpsError { throw error } catch {
                try Task.checkCancellation()
                failure = Failure(reason: "\(place) can't be read.", cause: error)
            }
            // A connection that brings something each time is slow, not dead.
            failures = body.bytes.count >= before + Self.progress ? 1 : failures + 1
            guard failures < backoff.tries else {
                throw MLOpsError(
                    .unavailable, "\(failure.reason) It was tried \(failures) times.",
                    help: "Check that the server runs and can be reached from here; what was committed is kept.",
                    cause: failure.cause)
            }
            let wait = max(backoff.wait(afterFailures: failures), failure.wait ?? .zero)
            try await clock.sleep(for: min(wait, backoff.longest))
        }
    }

    /// The bytes of a body after which a lost connection does not count as a failure in a row.
    private static let progress = 1 << 12

    private struct Failure {
        var reason: String
        var wait: Duration?
        var cause: (any Error)?
    }
}
