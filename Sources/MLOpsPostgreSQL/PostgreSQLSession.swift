#if PostgreSQL
    internal import CPostgreSQL
    internal import Foundation
    internal import MLOpsCore
    internal import Synchronization

    /// What libpq keeps of one connection.
    ///
    /// Once cancelled, a session does nothing more.
    ///
    /// Unchecked Sendable: all but ``cancel()`` is called by one thread at a time; what `cancel` uses is behind a lock.
    final class PostgreSQLSession: @unchecked Sendable {
        private let info: String
        private var connection: OpaquePointer?
        /// Rows of the result under way, of which libpq holds one.
        private var isReceiving = false
        private var rowsOfFetch = 0
        private let cancellation = Mutex(Cancellation())

        /// Unchecked Sendable: the pointer is used, and freed, with the lock of `cancellation` held.
        private struct Cancellation: @unchecked Sendable {
            var isCancelled = false
            /// What tells the server to stop; `nil` while there is no connection.
            var pointer: OpaquePointer?
        }

        init(_ info: String) { self.info = info }

        /// Connects, within 10 seconds unless the connection's own words say otherwise.
        ///
        /// - Throws: ``MLOpsError``; what `info` says is in no message, as it may hold a password.
        func open() throws {
            if info.contains("=") || info.contains("://") {
                let options = PQconninfoParse(info, nil)
                defer { PQconninfoFree(options) }
                guard options != nil else {
                    throw MLOpsError(
                        .invalidArgument, "The words that say how to connect to PostgreSQL can't be understood.",
                        help: "Write them as a URI, postgresql://user@host:port/database, or as key=value pairs.")
                }
            }
            let defaults = [
                "dbname": info, "connect_timeout": "10", "client_encoding": "UTF8", "application_name": "swift-mlops",
            ]
            // The words of the connection come last, so that they win; strings are copied for the call.
            let names = ["connect_timeout", "application_name", "dbname", "client_encoding"]
            var keys = names.map { UnsafePointer(strdup($0)) }
            var values = names.map { UnsafePointer(strdup(defaults[$0] ?? "")) }
            defer { for text in keys + values { free(UnsafeMutablePointer(mutating: text)) } }
            keys.append(nil)
            values.append(nil)
            connection = PQconnectdbParams(keys, values, 1)
            guard PQstatus(connection) == CONNECTION_OK else { throw failure(nil) }
            // Notices are for people at a terminal.
            PQsetNoticeProcessor(connection, { _, _ in }, nil)
            cancellation.withLock { $0.pointer = PQgetCancel(connection) }
        }

        func close() {
            cancellation.withLock {
                if let pointer = $0.pointer { PQfreeCancel(pointer) }
                $0.pointer = nil
            }
            PQfinish(connection)
            connection = nil
        }

        /// Asks the server to stop what it does for this connection; from any thread.
        func cancel() {
            cancellation.withLock {
                $0.isCancelled = true
                guard let pointer = $0.pointer else { return }
                var words = [CChar](repeating: 0, count: 256)
                _ = PQcancel(pointer, &words, Int32(words.count))
            }
        }

        /// A word to the server is lost while there is no connection, or between two queries.
        private func checkCancellation() throws {
            if cancellation.withLock({ $0.isCancelled }) { throw CancellationError() }
        }

        /// Runs a command that gives no rows.
        func execute(_ sql: String) throws {
            try checkCancellation()
            let result = PQexec(connection, sql)
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(result) }
        }

        /// The next row of a query that is sent again and again until it gives none; `nil` at that end.
        ///
        /// Values come in the binary format, one row at a time.
        func nextRow(orSend sql: String) throws -> [Data?]? {
            while true {
                if !isReceiving {
                    try checkCancellation()
                    guard PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 1) == 1,
                        PQsetSingleRowMode(connection) == 1
                    else { throw failure(nil) }
                    isReceiving = true
                    rowsOfFetch = 0
                }
                guard let result = PQgetResult(connection) else {
                    isReceiving = false
                    if rowsOfFetch == 0 { return nil }
                    continue
                }
                defer { PQclear(result) }
                switch PQresultStatus(result) {
                case PGRES_SINGLE_TUPLE:
                    rowsOfFetch += 1
                    return (0..<PQnfields(result)).map { column in
                        guard PQgetisnull(result, 0, column) == 0 else { return nil }
                        return PQgetvalue(result, 0, column).map {
                            Data(bytes: $0, count: Int(PQgetlength(result, 0, column)))
                        } ?? Data()
                    }
                case PGRES_TUPLES_OK: continue
                default: throw failure(result)
                }
            }
        }

        /// The error for what libpq says, by its SQLSTATE (PostgreSQL manual, appendix A).
        private func failure(_ result: OpaquePointer?) -> MLOpsError {
            let state =
                result.flatMap { PQresultErrorField($0, Int32(UInt8(ascii: "C"))) }.map { String(cString: $0) } ?? ""
            let words = String(cString: result.map { PQresultErrorMessage($0) } ?? PQerrorMessage(connection))
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let (code, help) = Self.meaning(of: state, words, isConnected: PQstatus(connection) == CONNECTION_OK)
            return MLOpsError(code, "PostgreSQL refuses: \(words.isEmpty ? "no reason given" : words)", help: help)
        }

        private static func meaning(
            of state: String, _ words: String, isConnected: Bool
        ) -> (code: MLOpsError.Code, help: String) {
            if state == "3D000" || !isConnected && words.contains("\" does not exist") && words.contains("database \"")
            {
                return (.notFound, "Check the name of the database.")
            }
            if state.hasPrefix("28") || words.contains("authentication failed") || words.contains("role \"") {
                return (.external, "Check the user and the password.")
            }
            // Connections, resources, operators' intervention, conflicts, locks.
            if !isConnected || ["08", "53", "57", "40", "55"].contains(state.prefix(2)) {
                return (
                    .unavailable, "Check that the server runs and can be reached; a run goes on where it was committed."
                )
            }
            // Names and rules, schemas, values.
            if ["42", "3F", "22"].contains(state.prefix(2)) {
                return (.invalidArgument, "Check the names of the table and its columns.")
            }
            return (.external, "Check the user's rights and the query.")
        }
    }
#endif
