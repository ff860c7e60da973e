public import Foundation
internal import MLOpsCore

/// A ``DataSource`` of the rows of a SQLite table or query, in the order of their ids.
///
/// A reading is one statement, so all its rows are those of one moment, whatever is written meanwhile. A database in
/// WAL mode goes on taking writes during it; in another journal mode, writers wait until the reading ends. A row
/// without an id, with broken UTF-8, or with a content that is no blob is a record with a read failure. Memory holds 64
/// rows, or 8 MiB beside the largest one.
public struct SQLiteSource: DataSource {
    /// Where a record's bytes come from.
    public enum Content: Sendable, Hashable {
        /// A column of blobs.
        case blob(column: String)
        /// A column of paths, relative to the folder of the database; they may not leave it.
        case path(column: String)
    }

    /// The database file.
    public let url: URL
    /// A table's name, or a query that begins with SELECT.
    public var table: String
    /// The column of ids, unique.
    public var idColumn: String
    /// Where a record's bytes come from.
    public var content: Content
    /// The column of labels; `nil` when there is none.
    public var labelColumn: String?
    /// The columns that become attributes; blobs and NULL are none.
    public var attributeColumns: [String]
    /// The most bytes that a record may have; a larger one has a read failure.
    public var maxBytes: Int

    /// Makes a source of a table or query, which is read when records are asked for.
    public init(
        at url: URL, table: String, idColumn: String = "id", content: Content = .blob(column: "bytes"),
        labelColumn: String? = "label", attributeColumns: [String] = [], maxBytes: Int = 64 << 20
    ) {
        self.url = url
        self.table = table
        self.idColumn = idColumn
        self.content = content
        self.labelColumn = labelColumn
        self.attributeColumns = attributeColumns
        self.maxBytes = maxBytes
    }

    /// Streams the records from `position` on.
    ///
    /// The sequence throws ``MLOpsError`` with `notFound` for a missing file, `unavailable` for a locked database,
    /// `corruptData` for a file of another kind, and `invalidArgument` for a missing table or column.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        RecordSequence { Iterator(source: self, offset: position.offset) }
    }

    struct Iterator: AsyncIteratorProtocol {
        let source: SQLiteSource
        var offset: Int
        var reading: SQLiteReading?
        var page: ArraySlice<RawRecord> = []

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            if page.isEmpty {
                if reading == nil { reading = try await SQLiteReading(of: source, from: offset) }
                page = try await reading?.page() ?? []
            }
            guard let record = page.popFirst() else { return nil }
            offset += 1
            return SourcedRecord(record, next: SourcePosition(offset: offset))
        }
    }

    /// The query: id, content, its type, its size, the label if there is one, and the attributes.
    func sql(castsText: Bool) -> String {
        // Each name is qualified: SQLite takes an unknown name in quotes for a text, but not after a dot.
        func column(_ name: String) -> String { "source." + quoted(name) }
        func text(_ name: String) -> String {
            let column = column(name)
            let text = castsText ? "CAST(\(column) AS BLOB)" : column
            return "CASE typeof(\(column)) WHEN 'text' THEN \(text) WHEN 'blob' THEN NULL ELSE \(column) END"
        }
        var columns = [text(idColumn)]
        switch content {
        // The size is checked before the blob is read.
        case .blob(let name):
            let (column, isBlob) = (column(name), "typeof(\(column(name))) = 'blob'")
            columns += [
                "CASE WHEN \(isBlob) AND length(\(column)) <= \(maxBytes) THEN \(column) END", "typeof(\(column))",
                "CASE WHEN \(isBlob) THEN length(\(column)) END",
            ]
        case .path(let name): columns += [text(name), "NULL", "NULL"]
        }
        columns += ((labelColumn.map { [$0] } ?? []) + attributeColumns).map(text)
        let isQuery = table.range(of: #"^\s*(select|with)\s"#, options: [.regularExpression, .caseInsensitive]) != nil
        return "SELECT \(columns.joined(separator: ", ")) FROM \(isQuery ? "(\(table))" : quoted(table)) AS source "
            + "ORDER BY \(column(idColumn)) LIMIT -1 OFFSET ?"
    }

    private func quoted(_ name: String) -> String { "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
}
