public import Foundation
internal import GRDB
public import MLOpsCore

extension DataCatalog {
    /// Adds a version to an entry and gives its number; a version that is there keeps its number.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` for an unknown entry.
    @discardableResult public func link(
        _ digest: Digest, to name: String, note: String = "", at date: Date
    ) async throws -> Int {
        try await file.write { database in
            let key = try Self.key(of: name, in: database)
            let known = try Int.fetchOne(
                database, sql: "SELECT number FROM version WHERE entry = ? AND digest = ?",
                arguments: [key, Data(digest.bytes)])
            if let known { return known }
            let last = try Int.fetchOne(
                database, sql: "SELECT max(number) FROM version WHERE entry = ?", arguments: [key])
            let number = (last ?? 0) + 1
            try database.execute(
                sql: "INSERT INTO version (entry, number, digest, at, note) VALUES (?, ?, ?, ?, ?)",
                arguments: [key, number, Data(digest.bytes), date.epochMilliseconds, note])
            return number
        }
    }

    /// The versions of an entry, oldest first; throws `notFound` for an unknown entry.
    public func versions(of name: String) async throws -> [Version] {
        try await file.read { database in
            let key = try Self.key(of: name, in: database)
            return try Row.fetchAll(
                database, sql: "SELECT number, digest, at, note FROM version WHERE entry = ? ORDER BY number",
                arguments: [key]
            ).map { row in
                guard let digest = Digest(bytes: row[1] as Data) else {
                    throw MLOpsError(
                        .corruptData, "The catalog has a broken digest for '\(name)'.", help: "Restore it from a copy.")
                }
                return Version(number: row[0], digest: digest, at: Date(epochMilliseconds: row[2]), note: row[3])
            }
        }
    }

    /// The entries that have a version, in the order of their names.
    public func entries(having digest: Digest) async throws -> [CatalogEntry] {
        try await file.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT entry.body FROM version JOIN entry ON entry.key = version.entry
                    WHERE version.digest = ? ORDER BY entry.name
                    """, arguments: [Data(digest.bytes)]
            ).map(Self.entry)
        }
    }
}
