public import Foundation
internal import GRDB
internal import MLOpsCore

extension FeatureStore {
    /// What a materialization did.
    public struct Materialization: Sendable, Hashable, Codable {
        /// How many rows of the history were looked at.
        public var rows: Int
        /// How many entities have other values than before.
        public var changed: Int
        /// The time up to which the latest values are those of the history.
        public var upTo: Date
    }

    /// Carries over to the latest values what became known since the last time, up to a time.
    ///
    /// Rows that were appended late are seen, whatever their times: a row is passed over only when it was looked at
    /// before. Of an entity's rows the one of the latest event stays; of those, the one created last; of those, the one
    /// appended last. A second call changes nothing.
    /// - Parameter time: `nil` for now; rows whose event is later wait for a later call.
    /// - Throws: ``MLOpsError`` with `notFound` for an unknown view, `invalidArgument` for a time before that of the
    ///   last call.
    @discardableResult public func materialize(_ name: String, upTo time: Date? = nil) async throws -> Materialization {
        let limit = (time ?? clock.now()).epochMicroseconds
        return try await file.write { database in
            let table = try FeatureTable.named(name, in: database)
            let state = try Self.state(of: table, in: database)
            if let last = state.time, last > limit {
                throw MLOpsError(
                    .invalidArgument, "'\(name)' is materialized up to \(Date(epochMicroseconds: last)) already.",
                    help: "Give a later time; latest values do not go back.")
            }
            // Rows that came since, and rows that were there but lay ahead.
            let since = "known <= ? AND (sequence > ? OR known > ?)"
            let bounds: StatementArguments = [limit, state.sequence, state.time ?? .min]
            let rows =
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM \(table.history) WHERE \(since)", arguments: bounds) ?? 0
            try database.execute(
                sql: """
                    INSERT INTO \(table.latest) (entity, sequence, event, created, \(table.values))
                    SELECT entity, sequence, event, created, \(table.values) FROM (
                        SELECT *, row_number() OVER (
                            PARTITION BY entity ORDER BY event DESC, created DESC, sequence DESC) AS place
                        FROM \(table.history) WHERE \(since))
                    WHERE place = 1
                    ON CONFLICT (entity) DO UPDATE SET
                        (sequence, event, created, \(table.values)) =
                        (excluded.sequence, excluded.event, excluded.created, \(table.excludedValues))
                    WHERE (excluded.event, excluded.created, excluded.sequence)
                        > (\(table.latest).event, \(table.latest).created, \(table.latest).sequence)
                    """, arguments: bounds)
            let changed = database.changesCount
            let last = try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM \(table.history)") ?? 0
            try database.execute(
                sql: "UPDATE view SET sequence = ?, time = ? WHERE key = ?", arguments: [last, limit, table.key])
            return Materialization(rows: rows, changed: changed, upTo: Date(epochMicroseconds: limit))
        }
    }

    /// The latest values of entities, in the order of the entities: `nil` for an entity without any, or whose values
    /// are older than the view's time to live.
    ///
    /// - Parameter time: the time at which they are asked for; `nil` for now.
    /// - Throws: ``MLOpsError`` with `notFound` for an unknown view, `invalidArgument` for a time before that up to
    ///   which the view is materialized: latest values can't tell what was known then.
    public func latest(
        _ name: String, of entities: [String], at time: Date? = nil
    ) async throws -> [[String: FeatureValue]?] {
        let now = (time ?? clock.now()).epochMicroseconds
        return try await file.read { database in
            let table = try FeatureTable.named(name, in: database)
            if let last = try Self.state(of: table, in: database).time, last > now {
                throw MLOpsError(
                    .invalidArgument,
                    "'\(name)' is materialized up to \(Date(epochMicroseconds: last)), after \(Date(epochMicroseconds: now)).",
                    help: "Ask for a later time, or join the history as of this one.")
            }
            let statement = try database.cachedStatement(
                sql: "SELECT event, \(table.values) FROM \(table.latest) WHERE entity = ?")
            return try entities.map { entity in
                guard let row = try Row.fetchOne(statement, arguments: [entity]) else { return nil }
                let (age, overflow) = now.subtractingReportingOverflow(row[0])
                if let limit = table.view.timeToLive?.microseconds, overflow || age > limit { return nil }
                return zip(table.view.columns, try table.values(of: row, from: 1))
                    .reduce(into: [:]) { $0[$1.0.name] = $1.1 }
            }
        }
    }

    /// The last row of the history that was looked at, and the time up to which the latest values hold.
    static func state(of table: FeatureTable, in database: Database) throws -> (sequence: Int64, time: Int64?) {
        let row = try Row.fetchOne(
            database, sql: "SELECT sequence, time FROM view WHERE key = ?", arguments: [table.key])
        return (row?[0] ?? 0, row?[1])
    }
}
