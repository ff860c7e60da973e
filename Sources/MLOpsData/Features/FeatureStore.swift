public import Foundation
internal import GRDB
public import MLOpsCore

/// Features of entities over time: their history to train on, and their latest values to serve, in one SQLite file.
///
/// Rows are only ever added. Each has the time at which something became so and the time at which it became known; both
/// decide which rows a training set sees (``AsOfJoin``), so that it holds what a service would have been given then.
/// ``materialize(_:upTo:)`` carries rows over to the latest values. Each call is one transaction: after a kill at any
/// instant all of it has happened, or nothing.
public struct FeatureStore: Sendable {
    let file: DataFile
    /// Tells when rows become known.
    let clock: WallClock

    /// Opens the store in a file, which is made when it is not there.
    ///
    /// - Throws: ``MLOpsError`` with `storage`, `newerSchema`, `unavailable` when it is locked, `invalidArgument` for a
    ///   file of another kind.
    public init(at url: URL, clock: WallClock = .system) throws {
        self.clock = clock
        file = try DataFile(at: url, kind: 0x4D4C_4645, version: 1) { database, _ in
            try database.execute(
                sql: """
                    CREATE TABLE view (
                        key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL,
                        sequence INTEGER NOT NULL DEFAULT 0, time INTEGER)
                    """)
        }
    }

    /// Adds a view; adding an equal one again changes nothing.
    ///
    /// - Throws: ``MLOpsError`` with `alreadyExists` when another view has the name.
    public func register(_ view: FeatureView) async throws {
        try await file.write { database in
            if let known = try FeatureTable.find(view.name, in: database) {
                guard known.view == view else {
                    throw MLOpsError(
                        .alreadyExists, "There is another view '\(view.name)'.",
                        help: "Give the changed view a new name, such as '\(view.name)-2'; models rely on the old one.")
                }
                return
            }
            let body = String(decoding: try CanonicalJSON.encode(view), as: UTF8.self)
            try database.execute(sql: "INSERT INTO view (name, body) VALUES (?, ?)", arguments: [view.name, body])
            try FeatureTable(key: database.lastInsertedRowID, view: view).create(in: database)
        }
    }

    /// The views, in the order of their names.
    public func views() async throws -> [FeatureView] {
        try await file.read { database in
            try String.fetchAll(database, sql: "SELECT body FROM view ORDER BY name").map {
                try CanonicalJSON.decode(FeatureView.self, from: Data($0.utf8), source: "the feature store")
            }
        }
    }

    /// Adds rows to the history of a view, in one transaction.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` for an unknown view, `invalidArgument` for a value that does not fit its
    ///   column, or a row that was created in the future; then none of the rows is added.
    public func append(_ rows: [FeatureRow], to name: String) async throws {
        let now = clock.now().epochMicroseconds
        try await file.write { database in
            let table = try FeatureTable.named(name, in: database)
            let statement = try database.cachedStatement(sql: table.insertion)
            for row in rows {
                try table.view.check(row.values)
                let created = row.createdTime?.epochMicroseconds ?? now
                guard created <= now else {
                    throw MLOpsError(
                        .invalidArgument,
                        "A row of '\(row.entity)' was created at \(Date(epochMicroseconds: created)), which is to come.",
                        help: "Check the clocks; leave the time out for rows that become known now.")
                }
                let event = row.eventTime.epochMicroseconds
                let values = table.view.columns.map { row.values[$0.name]?.databaseValue ?? .null }
                try statement.execute(
                    arguments: StatementArguments(
                        [
                            row.entity.databaseValue, event.databaseValue, created.databaseValue,
                            max(event, created).databaseValue,
                        ] + values))
            }
        }
    }
}
