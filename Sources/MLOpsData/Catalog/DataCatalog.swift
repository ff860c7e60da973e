public import Foundation
internal import GRDB
public import MLOpsCore

/// A catalog of datasets that can be searched, in one SQLite file.
///
/// It says who answers for a dataset, under which license and on which consent it is used, and which versions it has.
/// Each call is one transaction, so a kill loses none that returned.
public struct DataCatalog: Sendable {
    /// A version of a dataset.
    public struct Version: Sendable, Hashable {
        /// Its number in the dataset: 1, 2, …
        public var number: Int
        /// The version's digest.
        public var digest: Digest
        /// Since when it is in the catalog, to the millisecond.
        public var at: Date
        /// What is new in it.
        public var note: String
    }

    let file: DataFile

    /// Opens the catalog in a file, which is made when it is not there.
    ///
    /// - Throws: ``MLOpsError`` with `storage`, `newerSchema`, `unavailable` when it is locked, `invalidArgument` for a
    ///   file of another kind.
    public init(at url: URL) throws {
        file = try DataFile(at: url, kind: 0x4D4C_4341, version: 1) { database, _ in
            try database.execute(
                sql: """
                    CREATE TABLE entry (
                        key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL, changed INTEGER NOT NULL);
                    CREATE TABLE version (
                        entry INTEGER NOT NULL, number INTEGER NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL,
                        note TEXT NOT NULL, PRIMARY KEY (entry, number), UNIQUE (entry, digest)) WITHOUT ROWID;
                    CREATE INDEX version_digest ON version (digest);
                    CREATE VIRTUAL TABLE search USING fts5(
                        name, title, description, owner, license, consent, tags,
                        tokenize = 'unicode61 remove_diacritics 2');
                    """)
        }
    }

    /// Adds an entry, or replaces the one of its name; its versions stay.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a name that is none, or an entry without title, owner or
    ///   license.
    public func put(_ entry: CatalogEntry, at date: Date) async throws {
        let isName = !entry.name.isEmpty && entry.name.utf8.count <= 100 && !entry.name.hasPrefix(".")
        guard isName, entry.name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }) else {
            throw MLOpsError(
                .invalidArgument, "'\(entry.name.prefix(100))' can't be the name of an entry.",
                help: "Use up to 100 ASCII letters, digits, '.', '_' and '-', with no '.' in front.")
        }
        guard ![entry.title, entry.owner, entry.license].contains("") else {
            throw MLOpsError(
                .invalidArgument, "The entry '\(entry.name)' has no title, owner or license.",
                help: "Say who answers for the data and on which terms it is used; 'unknown' is an answer.")
        }
        try await file.write { database in
            let body = String(decoding: try CanonicalJSON.encode(entry), as: UTF8.self)
            try database.execute(
                sql: """
                    INSERT INTO entry (name, body, changed) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET body = excluded.body, changed = excluded.changed
                    """, arguments: [entry.name, body, date.epochMilliseconds])
            let key = try Self.key(of: entry.name, in: database)
            try database.execute(sql: "DELETE FROM search WHERE rowid = ?", arguments: [key])
            try database.execute(
                sql: """
                    INSERT INTO search (rowid, name, title, description, owner, license, consent, tags)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    key, entry.name, entry.title, entry.description, entry.owner, entry.license,
                    entry.consent.kind.rawValue + " " + entry.consent.evidence, entry.tags.joined(separator: " "),
                ])
        }
    }

    /// The entry of a name; throws `notFound`.
    public func entry(_ name: String) async throws -> CatalogEntry {
        try await file.read { database in
            let row = try Row.fetchOne(database, sql: "SELECT body FROM entry WHERE name = ?", arguments: [name])
            guard let row else { throw Self.missing(name) }
            return try Self.entry(row[0])
        }
    }

    /// All entries, in the order of their names.
    public func entries() async throws -> [CatalogEntry] {
        try await file.read { database in
            try String.fetchAll(database, sql: "SELECT body FROM entry ORDER BY name").map(Self.entry)
        }
    }

    /// Takes an entry out, with its list of versions; the versions themselves stay in their stores.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`.
    public func remove(_ name: String) async throws {
        try await file.write { database in
            let key = try Self.key(of: name, in: database)
            for sql in ["version WHERE entry", "search WHERE rowid", "entry WHERE key"] {
                try database.execute(sql: "DELETE FROM \(sql) = ?", arguments: [key])
            }
        }
    }

    static func key(of name: String, in database: Database) throws -> Int64 {
        guard let key = try Int64.fetchOne(database, sql: "SELECT key FROM entry WHERE name = ?", arguments: [name])
        else { throw missing(name) }
        return key
    }

    static func entry(_ body: String) throws -> CatalogEntry {
        try CanonicalJSON.decode(CatalogEntry.self, from: Data(body.utf8), source: "the catalog")
    }

    private static func missing(_ name: String) -> MLOpsError {
        MLOpsError(.notFound, "The catalog has no entry '\(name)'.", help: "Search for it, or put it in first.")
    }
}
