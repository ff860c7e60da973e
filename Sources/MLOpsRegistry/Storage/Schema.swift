internal import Foundation
internal import GRDB
internal import MLOpsCore

/// The tables of the registry's file, and the steps from one version of them to the next.
enum Schema {
    /// The version that this release writes; kept in `PRAGMA user_version`.
    static let version = 1
    /// "MLRG"; kept in `PRAGMA application_id`.
    private static let applicationID = 0x4D4C_5247

    /// Brings the file to ``version``, inside the caller's transaction.
    static func migrate(_ db: Database, at url: URL) throws {
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard isEmpty || owner == applicationID else {
            throw MLOpsError(
                .invalidArgument, "\(url.path) is a SQLite file of another program.",
                help: "Give the registry a folder of its own.")
        }
        guard found <= version else {
            throw MLOpsError(
                .newerSchema,
                "The registry \(url.path) has the schema version \(found); this release reads \(version).",
                help: "Use a newer release of swift-mlops.")
        }
        if found < 1 { try db.execute(sql: first) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }

    /// `version` and `evidence` index what `event` says; the triggers keep all three append-only.
    private static let first =
        """
        CREATE TABLE event (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, model TEXT, alias TEXT, subject TEXT,
            body TEXT NOT NULL, digest TEXT NOT NULL UNIQUE);
        CREATE INDEX event_model ON event (model, alias, number);
        CREATE INDEX event_alias ON event (alias, number);
        CREATE INDEX event_subject ON event (subject, number);
        CREATE TABLE version (
            model TEXT NOT NULL, number INTEGER NOT NULL, package TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,
            run TEXT, at INTEGER NOT NULL, PRIMARY KEY (model, number), UNIQUE (model, package)) WITHOUT ROWID;
        CREATE INDEX version_package ON version (package);
        CREATE TABLE evidence (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
            body TEXT NOT NULL);
        CREATE INDEX evidence_subject ON evidence (subject, sequence);
        \(["event", "version", "evidence"].map(appendOnly).joined(separator: "\n"))

        CREATE TABLE run (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, started INTEGER NOT NULL, dataset TEXT, manifest TEXT,
            status TEXT, ended INTEGER) WITHOUT ROWID;
        CREATE INDEX run_started ON run (started, id);
        CREATE TABLE run_parameter (
            run TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, name)) WITHOUT ROWID;
        CREATE TABLE run_tag (
            run TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, name)) WITHOUT ROWID;
        CREATE TABLE run_metric (
            sequence INTEGER PRIMARY KEY, run TEXT NOT NULL, name TEXT NOT NULL, step INTEGER NOT NULL,
            value REAL, at INTEGER NOT NULL);
        CREATE UNIQUE INDEX run_metric_point ON run_metric (run, name, step, ifnull(value, 'nan'));
        CREATE TABLE run_latest (
            run TEXT NOT NULL, name TEXT NOT NULL, step INTEGER NOT NULL, value REAL,
            PRIMARY KEY (run, name)) WITHOUT ROWID;

        CREATE TABLE node (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name));
        CREATE TABLE edge (
            output INTEGER NOT NULL, input INTEGER NOT NULL, activity TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (output, input, activity)) WITHOUT ROWID;
        CREATE INDEX edge_input ON edge (input, output);
        CREATE TABLE attribute (
            node INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (node, name)) WITHOUT ROWID;
        CREATE TABLE member_batch (
            id INTEGER PRIMARY KEY, dataset INTEGER NOT NULL, digest TEXT NOT NULL, count INTEGER NOT NULL,
            activity TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (dataset, digest, activity));
        CREATE TABLE member_chunk (
            batch INTEGER NOT NULL, first BLOB NOT NULL, digests BLOB NOT NULL, UNIQUE (batch, first));
        """

    private static func appendOnly(_ table: String) -> String {
        ["UPDATE", "DELETE"].map {
            """
            CREATE TRIGGER \(table)_no_\($0.lowercased()) BEFORE \($0) ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;
            """
        }.joined(separator: "\n")
    }
}
