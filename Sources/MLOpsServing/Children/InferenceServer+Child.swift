public import Foundation
public import MLOpsCore

extension InferenceServer {
    /// Serves one model as the child of a ``ChildProcessTarget``: takes any free port, writes it into the file once
    /// the server is ready, and stops at `SIGTERM`, `SIGINT`, or when the parent is gone.
    ///
    /// - Throws: what ``run(onReady:)`` throws, and `storage` when the port file can't be written.
    public static func runAsChild(
        serving model: ServedModel, portFile: URL, configuration: Configuration = Configuration(port: 0),
        predictionLog: (any PredictionLog)? = nil
    ) async throws {
        let server = InferenceServer(serving: [model], configuration: configuration, predictionLog: predictionLog)
        try await server.runUntilStopped { url in
            try DurableFile.write(Data("\(url.port ?? 0)\n".utf8), to: portFile, flush: false)
        }
    }

    /// Serves until `SIGTERM`, `SIGINT`, or until the parent that holds standard input as a pipe is gone; then finishes
    /// the requests under way.
    ///
    /// - Throws: what ``run(onReady:)`` throws.
    public func runUntilStopped(onReady: @escaping @Sendable (URL) async throws -> Void = { _ in }) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await StopRequests.first()
                await self.stop()
            }
            try await run(onReady: onReady)
            group.cancelAll()
        }
    }
}
