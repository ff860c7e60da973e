internal import Foundation
internal import GRDB
internal import MLOpsCore

/// The registry's one SQLite file, in WAL mode: one writer at a time over all processes, readers never wait.
///
/// Commits wait for the disk (`synchronous = FULL`): a version, an event or evidence that was acknowledged survives a
/// power cut, not just a kill. `NORMAL` would be about as safe against a kill, but could lose the last acknowledged
/// entries of an audit log with the power.
struct RegistryDatabase: Sendable {
    /// The most memory for pages that a connection takes: at SQLite's 2 MiB, large inserts wait for the disk.
    private static let cacheKibibytes = 32_768

    let url: URL
    private let pool: DatabasePool

    /// Opens or makes the file and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - timeout: how long to wait for another process's lock.
    ///   - pageLimit: the most pages of 4 KiB that the file may grow to; `nil` for no limit of ours.
    init(at url: URL, timeout: Duration, pageLimit: Int? = nil) throws {
        self.url = url
        let seconds = timeout / .seconds(1)
        var configuration = Configuration()
        configuration.label = "registry"
        configuration.busyMode = .callback(Self.patience(seconds))
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -\(Self.cacheKibibytes)")
            if let pageLimit { try db.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
        }
        do {
            let pool = try Self.opening(url, configuration, timeout)
            try pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    try Schema.migrate(db, at: url)
                    return .commit
                }
            }
            self.pool = pool
        } catch { throw Self.translate(error, url) }
    }

    /// Opens a file that other processes may be making at the same moment.
    ///
    /// A new file is changed to a write-ahead log under a lock that SQLite does not wait for, whatever the timeout.
    private static func opening(
        _ url: URL, _ configuration: Configuration, _ timeout: Duration
    ) throws -> DatabasePool {
        let end = ContinuousClock.now + timeout
        while true {
            do { return try DatabasePool(path: url.path, configuration: configuration) } catch let error
                as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < end
            {
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }

    /// Reads one consistent state of the file.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.read(body) } catch { throw Self.translate(error, url) }
    }

    /// Writes in one immediate transaction: all of it or nothing.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.write(body) } catch { throw Self.translate(error, url) }
    }

    /// Waits in steps of one millisecond: SQLite's own back-off grows to 100 ms, at which a waiting process starves.
    private static func patience(_ seconds: Double) -> @Sendable (Int) -> Bool {
        { tries in
            guard Double(tries) < seconds * 1000 else { return false }
            Thread.sleep(forTimeInterval: 0.001)
            return true
        }
    }

    private static func translate(_ error: any Error, _ url: URL) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return MLOpsError(
                .unavailable, "Another process holds the registry \(url.path).",
                help: "Try again, or open the registry with a longer timeout.", cause: error)
        case .SQLITE_FULL:
            return MLOpsError(
                .storage, "The disk of the registry \(url.path) is full.",
                help: "Free some space on that disk; what was written before is intact.", cause: error)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            return MLOpsError(
                .storage, "The registry \(url.path) can't be read or written.",
                help: "Check that its folder exists and that you may write there.", cause: error)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return MLOpsError(
                .corruptData, "\(url.path) is no SQLite file, or a damaged one.",
                help: "Check the path; restore a damaged file from a copy.", cause: error)
        default:
            return MLOpsError(
                .external, "The registry \(url.path) refused: \(error.message ?? "\(error.resultCode)").",
                help: "Nothing was changed; the cause names the statement.", cause: error)
        }
    }
}
