internal import Foundation
internal import GRDB
internal import MLOpsCore

/// The tables of a view: `history_N` with all rows, `latest_N` with one row an entity.
///
/// `known` is when a row can first be seen: max(event, created). `sequence` grows with each row that is added.
struct FeatureTable: Sendable {
    let key: Int64
    let view: FeatureView

    static func find(_ name: String, in database: Database) throws -> FeatureTable? {
        try Row.fetchOne(database, sql: "SELECT key, body FROM view WHERE name = ?", arguments: [name]).map { row in
            FeatureTable(
                key: row[0],
                view: try CanonicalJSON.decode(
                    FeatureView.self, from: Data((row[1] as String).utf8), source: "the feature store"))
        }
    }

    static func named(_ name: String, in database: Database) throws -> FeatureTable {
        guard let table = try find(name, in: database) else {
            throw MLOpsError(.notFound, "There is no view '\(name)'.", help: "Register it first.")
        }
        return table
    }

    var history: String { "history_\(key)" }
    var latest: String { "latest_\(key)" }

    /// The names of the columns of values, which are not those of the view: those can be any text.
    var values: String {
        let names: [String] = view.columns.indices.map { "c\($0)" }
        return names.joined(separator: ", ")
    }

    /// The same columns of a row that an insertion could not add.
    var excludedValues: String {
        let names: [String] = view.columns.indices.map { "excluded.c\($0)" }
        return names.joined(separator: ", ")
    }

    func create(in database: Database) throws {
        let types: [String] = view.columns.enumerated().map { index, column in
            switch column.type {
            case .integer, .flag: "c\(index) INTEGER"
            case .number: "c\(index) REAL"
            case .text: "c\(index) TEXT"
            }
        }
        let columns = types.joined(separator: ", ")
        let times = "event INTEGER NOT NULL, created INTEGER NOT NULL"
        try database.execute(
            sql: """
                CREATE TABLE \(history) (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, \(times), known INTEGER NOT NULL,
                    \(columns));
                CREATE INDEX \(history)_entity ON \(history) (entity, known);
                CREATE INDEX \(history)_known ON \(history) (known);
                CREATE TABLE \(latest) (
                    entity TEXT PRIMARY KEY, sequence INTEGER NOT NULL, \(times), \(columns)) WITHOUT ROWID;
                """)
    }

    /// Adds a row to the history.
    var insertion: String {
        let marks = String(repeating: ", ?", count: view.columns.count)
        return "INSERT INTO \(history) (entity, event, created, known, \(values)) VALUES (?, ?, ?, ?\(marks))"
    }

    /// The values of a row, from a place on.
    func values(of row: Row, from offset: Int) throws -> [FeatureValue?] {
        try view.columns.enumerated().map { index, column in
            let stored = row[offset + index] as DatabaseValue
            switch (column.type, stored.storage) {
            case (_, .null): return nil
            case (.integer, .int64(let value)): return .integer(value)
            case (.flag, .int64(let value)): return .flag(value != 0)
            case (.number, .double(let value)): return .number(value)
            case (.number, .int64(let value)): return .number(Double(value))
            case (.text, .string(let value)): return .text(value)
            default:
                throw MLOpsError(
                    .corruptData, "'\(column.name)' of '\(view.name)' holds \(stored).", help: "Restore it from a copy."
                )
            }
        }
    }
}

extension FeatureValue {
    var databaseValue: DatabaseValue {
        switch self {
        case .integer(let value): value.databaseValue
        case .number(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .flag(let value): value.databaseValue
        }
    }
}
