internal import Foundation
internal import GRDB
internal import MLOpsCore

/// The tables of a ``DatasetStore``.
enum StoreSchema {
    private static let version = 1

    static func open(at url: URL) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            // A commit waits for the disk, as the packs do.
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        do {
            let pool = try DatabasePool(path: url.path, configuration: configuration)
            try pool.write { database in
                let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                guard found <= version else {
                    throw MLOpsError(
                        .newerSchema, "\(url.path) has the schema \(found); this release knows \(version).",
                        help: "Open it with the release that wrote it, or a newer one.")
                }
                if found == 0 { try database.execute(sql: tables + "PRAGMA user_version = \(version)") }
            }
            return pool
        } catch { throw MLOpsError.database(error, at: url.path) }
    }

    private static let tables = """
        CREATE TABLE object (
            digest BLOB PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, count INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE ingestion (
            key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, position INTEGER NOT NULL, last_id TEXT,
            accepted INTEGER NOT NULL, rejected INTEGER NOT NULL
        );
        CREATE TABLE accepted (
            ingestion INTEGER NOT NULL, id TEXT NOT NULL, digest BLOB NOT NULL, label TEXT, attributes TEXT NOT NULL,
            PRIMARY KEY (ingestion, id)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX accepted_digest ON accepted (ingestion, digest);
        CREATE TABLE rejected (
            ingestion INTEGER NOT NULL, offset INTEGER NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL,
            reason TEXT NOT NULL, PRIMARY KEY (ingestion, offset)
        ) WITHOUT ROWID;

        """
}
