internal import Foundation
internal import GRDB
internal import MLOpsCore

/// The tables of a ``DatasetStore``.
enum StoreSchema {
    private static let version = 3

    static func open(at url: URL) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { database in
            // A commit waits for the disk, as the packs do; what is deleted is overwritten, for the sake of erasure.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
            // Each of several readers goes through most pages once; the 2 MB that each may keep would only fill.
            if database.configuration.readonly { try database.execute(sql: "PRAGMA cache_size = -256") }
        }
        do {
            let pool = try DatabasePool.opening(at: url, configuration)
            if try pool.read({ try found($0, url) }) != version {
                try pool.write { database in
                    // Another process may have been here first.
                    let found = try found(database, url)
                    guard found != version else { return }
                    try database.execute(
                        sql: (found == 0 ? tables : changesSince2) + "PRAGMA user_version = \(version)")
                }
            }
            return pool
        } catch { throw MLOpsError.database(error, at: url.path) }
    }

    /// The version of the schema that is there, 0 for a new database.
    private static func found(_ database: Database, _ url: URL) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else {
            throw MLOpsError(
                .newerSchema, "\(url.path) has the schema \(found); this release knows \(version).",
                help: "Open it with the release that wrote it, or a newer one.")
        }
        guard found == 0 || found >= 2 else {
            throw MLOpsError(
                .unsupported, "\(url.path) has the schema \(found) of an earlier release, not \(version).",
                help: "Take the data in again, into a new folder; digests of versions differ from those before.")
        }
        return found
    }

    /// The places of records that a run under way has taken in before are not known.
    private static let changesSince2 = """
        ALTER TABLE accepted ADD COLUMN offset INTEGER NOT NULL DEFAULT -1;

        """

    private static let tables = """
        CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO counter VALUES ('pack', 0);
        CREATE TABLE object (
            digest BLOB PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, count INTEGER NOT NULL,
            loose INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE version (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, at INTEGER NOT NULL,
            rejections BLOB
        ) STRICT;
        CREATE TABLE tag (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, digest BLOB, at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE erasure (receipt BLOB PRIMARY KEY, body BLOB NOT NULL, purged INTEGER NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE TABLE erased (digest BLOB PRIMARY KEY, receipt BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE retired (digest BLOB PRIMARY KEY, successor BLOB NOT NULL, receipt BLOB NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE TABLE ingestion (
            key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, position INTEGER NOT NULL, last_id TEXT,
            accepted INTEGER NOT NULL, rejected INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE accepted (
            ingestion INTEGER NOT NULL, id TEXT NOT NULL, digest BLOB NOT NULL, label TEXT, attributes TEXT NOT NULL,
            offset INTEGER NOT NULL, PRIMARY KEY (ingestion, id)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX accepted_digest ON accepted (ingestion, digest);
        CREATE TABLE rejected (
            ingestion INTEGER NOT NULL, offset INTEGER NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL,
            reason TEXT NOT NULL, PRIMARY KEY (ingestion, offset)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE scan (
            key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, profile TEXT NOT NULL, run INTEGER NOT NULL,
            version BLOB, folders BLOB NOT NULL
        ) STRICT;
        CREATE TABLE scan_part (
            scan INTEGER NOT NULL, is_new INTEGER NOT NULL, first TEXT NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (scan, is_new, first)
        ) STRICT;

        """
}
