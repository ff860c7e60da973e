#if PostgreSQL
    internal import Dispatch
    internal import Foundation
    internal import MLOpsCore

    /// A connection to a server, for tasks: libpq waits for the network in a queue of its own, not in their threads.
    ///
    /// Unchecked Sendable: the session is touched by work on `queue` alone, which does one thing at a time, and by
    /// `cancel`, which may be called at any time.
    final class PostgreSQLConnection: @unchecked Sendable {
        private let queue = DispatchQueue(label: "org.swift-mlops.postgresql")
        private let session: PostgreSQLSession

        init(_ connection: String) { session = PostgreSQLSession(connection) }

        deinit {
            let session = session
            queue.async { session.close() }
        }

        /// Runs work on the session; when the task is cancelled meanwhile, the server is asked to stop.
        func run<Result: Sendable>(
            _ work: @escaping @Sendable (PostgreSQLSession) throws -> Result
        ) async throws -> Result {
            try Task.checkCancellation()
            do {
                return try await withTaskCancellationHandler {
                    try await withCheckedThrowingContinuation { continuation in
                        queue.async { [self] in continuation.resume(with: Swift.Result { try work(session) }) }
                    }
                } onCancel: {
                    session.cancel()
                }
            } catch {
                // What the server says of a stopped query is not the news.
                try Task.checkCancellation()
                throw error
            }
        }
    }
#endif
