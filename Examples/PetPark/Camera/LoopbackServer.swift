import Foundation
import Hummingbird

/// Serves HTTP on a free port of the loopback interface for as long as a body runs.
enum LoopbackServer {
    /// Hands the server's address to the body.
    static func serving<Result: Sendable>(
        _ router: Router<BasicRequestContext>, _ body: @escaping @Sendable (URL) async throws -> Result
    ) async throws -> Result {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { found.yield(port) }
                found.finish()
            }, logger: Logger(label: "park.loopback") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                for await port in ports {
                    guard let url = URL(string: "http://127.0.0.1:\(port)/") else { break }
                    return try await body(url)
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
