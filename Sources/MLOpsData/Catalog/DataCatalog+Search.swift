internal import GRDB

extension DataCatalog {
    /// The entries that have all words in any of their fields, the best match first.
    ///
    /// Words match from their beginning, without regard to case and accents: `photo` finds `Photographs`.
    /// - Parameters:
    ///   - text: the words; without any, all entries match.
    ///   - tags: tags that the entries must all have, spelled alike.
    public func search(_ text: String, tags: [String] = [], limit: Int = 50) async throws -> [CatalogEntry] {
        // Each word in quotes, so that none is an operator of the query language.
        let words: [String] = text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map { "\"\($0)\"*" }
        let entries = try await file.read { database in
            guard !words.isEmpty else {
                return try String.fetchAll(database, sql: "SELECT body FROM entry ORDER BY name").map(Self.entry)
            }
            return try String.fetchAll(
                database,
                sql: """
                    SELECT entry.body FROM search JOIN entry ON entry.key = search.rowid
                    WHERE search MATCH ? ORDER BY search.rank, entry.name
                    """, arguments: [words.joined(separator: " ")]
            ).map(Self.entry)
        }
        return Array(entries.lazy.filter { entry in tags.allSatisfy(entry.tags.contains) }.prefix(max(0, limit)))
    }
}
