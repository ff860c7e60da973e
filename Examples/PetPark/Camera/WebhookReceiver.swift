import Foundation
import Hummingbird
import Synchronization

/// What a park's pager would be: takes alerts over HTTP, and counts them.
enum WebhookReceiver {
    /// Listens while the body runs; gives its result and how many alerts came in.
    static func listening<Result: Sendable>(
        _ body: @escaping @Sendable (URL) async throws -> Result
    ) async throws -> (Result, Int) {
        let count = Counter()
        let router = Router()
        router.post("alerts") { _, _ in
            count.value.withLock { $0 += 1 }
            return HTTPResponse.Status.noContent
        }
        let result = try await LoopbackServer.serving(router) { url in
            try await body(url.appendingPathComponent("alerts"))
        }
        return (result, count.value.withLock { $0 })
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
    }
}
