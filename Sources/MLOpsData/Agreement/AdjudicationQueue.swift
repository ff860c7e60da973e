public import Foundation
internal import GRDB
internal import MLOpsCore

/// The things that annotators disagree on, those of most disagreement first, and what was decided of them.
///
/// It is one SQLite file; each call is one transaction, so a kill loses none that returned.
public struct AdjudicationQueue: Sendable {
    /// A thing to decide on.
    public struct Case: Sendable, Hashable {
        /// The thing, such as a picture.
        public var item: String
        /// The label that each annotator gave.
        public var ratings: [String: String]
        /// The share of pairs of labels that differ, in 0…1.
        public var disagreement: Double
    }

    /// What somebody decided.
    public struct Decision: Sendable, Hashable {
        /// The thing.
        public var item: String
        /// Its label from now on.
        public var label: String
        /// Who decided.
        public var by: String
        /// Why.
        public var why: String
        /// When, to the millisecond.
        public var at: Date
    }

    private let file: DataFile

    /// Opens the queue in a file, which is made when it is not there.
    ///
    /// - Throws: ``MLOpsError`` with `storage`, `newerSchema`, `unavailable` when it is locked, `invalidArgument` for a
    ///   file of another kind.
    public init(at url: URL) throws {
        file = try DataFile(at: url, kind: 0x4D4C_4144, version: 1) { database, _ in
            try database.execute(
                sql: """
                    CREATE TABLE item (
                        name TEXT PRIMARY KEY, ratings TEXT NOT NULL, disagreement REAL NOT NULL) WITHOUT ROWID;
                    CREATE INDEX item_disagreement ON item (disagreement);
                    CREATE TABLE decision (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT, item TEXT NOT NULL, label TEXT NOT NULL,
                        by TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL);
                    CREATE INDEX decision_item ON decision (item);
                    """)
        }
    }

    /// Adds the items of a table that two annotators disagree on; those that are there get their new ratings.
    ///
    /// Adding a table again changes nothing. An item that is agreed on by now leaves the queue.
    public func add(_ table: RatingTable) async throws {
        try await file.write { database in
            for (index, item) in table.items.enumerated() {
                let disagreement = table.disagreement(on: index)
                let ratings = zip(table.annotators, table.ratings[index])
                    .reduce(into: [String: String]()) { if let label = $1.1 { $0[$1.0] = label } }
                if disagreement == 0 {
                    try database.execute(sql: "DELETE FROM item WHERE name = ?", arguments: [item])
                    continue
                }
                let text = String(decoding: try CanonicalJSON.encode(ratings), as: UTF8.self)
                try database.execute(
                    sql: """
                        INSERT INTO item (name, ratings, disagreement) VALUES (?, ?, ?)
                        ON CONFLICT (name) DO UPDATE SET ratings = excluded.ratings, disagreement = excluded.disagreement
                        """, arguments: [item, text, disagreement])
            }
        }
    }

    /// The next things to decide on, those of most disagreement first, then by their names.
    public func pending(limit: Int = 100) async throws -> [Case] {
        try await file.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT name, ratings, disagreement FROM item
                    WHERE NOT EXISTS (SELECT 1 FROM decision WHERE decision.item = item.name)
                    ORDER BY disagreement DESC, name LIMIT ?
                    """, arguments: [limit]
            ).map { row in
                let ratings = try CanonicalJSON.decode([String: String].self, from: Data((row[1] as String).utf8))
                return Case(item: row[0], ratings: ratings, disagreement: row[2])
            }
        }
    }

    /// Records a decision; a later one on the same item replaces it, and both stay on record.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` for an item that is not in the queue, `invalidArgument` for an empty
    ///   label or name.
    public func decide(
        _ item: String, is label: String, by name: String, why: String = "", at date: Date
    ) async throws {
        guard !label.isEmpty, !name.isEmpty else {
            throw MLOpsError(
                .invalidArgument, "The decision on '\(item)' has no label, or nobody who made it.", help: "Give both.")
        }
        try await file.write { database in
            guard try Row.fetchOne(database, sql: "SELECT 1 FROM item WHERE name = ?", arguments: [item]) != nil else {
                throw MLOpsError(
                    .notFound, "'\(item)' is not in the queue.", help: "Add its ratings first; it may be agreed on.")
            }
            try database.execute(
                sql: "INSERT INTO decision (item, label, by, why, at) VALUES (?, ?, ?, ?, ?)",
                arguments: [item, label, name, why, date.epochMilliseconds])
        }
    }

    /// All decisions, in the order they were made.
    public func decisions() async throws -> [Decision] {
        try await file.read { database in
            try Row.fetchAll(database, sql: "SELECT item, label, by, why, at FROM decision ORDER BY sequence").map {
                Decision(item: $0[0], label: $0[1], by: $0[2], why: $0[3], at: Date(epochMilliseconds: $0[4]))
            }
        }
    }

    /// The label of each decided item: the last decision's.
    public func labels() async throws -> [String: String] {
        try await decisions().reduce(into: [:]) { $0[$1.item] = $1.label }
    }
}
