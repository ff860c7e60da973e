internal import Foundation
internal import GRDB
internal import MLOpsCore

/// A SQLite file of one kind and schema; every write is one transaction that waits for the disk.
struct DataFile: Sendable {
    let url: URL
    private let database: DatabasePool

    /// Opens a file, which is made when it is not there.
    ///
    /// - Parameters:
    ///   - kind: four letters, kept in `PRAGMA application_id`.
    ///   - version: the schema that this release writes.
    ///   - migrate: brings the tables from an older schema, 0 for an empty file, to this one.
    init(
        at url: URL, kind: Int, version: Int, migrate: @escaping @Sendable (Database, _ from: Int) throws -> Void
    ) throws {
        self.url = url
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        do {
            try DurableFile.makeFolder(url.deletingLastPathComponent())
            database = try DatabasePool.opening(at: url, configuration)
            try database.write { database in
                let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                let owner = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
                let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
                guard isEmpty || owner == kind else {
                    throw MLOpsError(
                        .invalidArgument, "\(url.path) is a SQLite file of another kind.",
                        help: "Give it a path of its own.")
                }
                guard found <= version else {
                    throw MLOpsError(
                        .newerSchema, "\(url.path) has the schema \(found); this release knows \(version).",
                        help: "Open it with the release that wrote it, or a newer one.")
                }
                guard found < version else { return }
                try migrate(database, found)
                try database.execute(sql: "PRAGMA application_id = \(kind); PRAGMA user_version = \(version)")
            }
        } catch { throw MLOpsError.database(error, at: url.path) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.write(body) } catch { throw MLOpsError.database(error, at: url.path) }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.read(body) } catch { throw MLOpsError.database(error, at: url.path) }
    }
}
