public import Foundation
internal import GRDB
internal import MLOpsCore

/// A ``DataSource`` of the rows of a SQLite table or query, in the order of their ids.
///
/// Rows are read in pages, each by a short read transaction, so that a long ingestion blocks no writer. The first page
/// is found by its offset, the others by the last id, so rows added meanwhile shift nothing within a reading.
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
    /// The columns that become attributes.
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
        var database: DatabaseQueue?
        var page: ArraySlice<RawRecord> = []
        var lastID: DatabaseValue?

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            if page.isEmpty { (page, lastID) = try await source.page(from: offset, after: lastID, &database) }
            guard let record = page.popFirst() else { return nil }
            offset += 1
            return SourcedRecord(record, next: SourcePosition(offset: offset))
        }
    }

    private func page(
        from offset: Int, after lastID: DatabaseValue?, _ opened: inout DatabaseQueue?
    ) async throws -> (ArraySlice<RawRecord>, DatabaseValue?) {
        do {
            let database = try opened ?? open()
            opened = database
            return try await database.read { database in
                let rows =
                    try lastID.map { try Row.fetchCursor(database, sql: sql(isFirst: false), arguments: [$0]) }
                    ?? Row.fetchCursor(database, sql: sql(isFirst: true), arguments: [offset])
                var records: ArraySlice<RawRecord> = []
                var last = lastID
                var size = 0
                while size < 8 << 20, records.count < 64, let row = try rows.next() {
                    last = row[0]
                    let record = record(of: row)
                    size += record.bytes.count
                    records.append(record)
                }
                return (records, last)
            }
        } catch { throw MLOpsError.database(error, at: url.path) }
    }

    private func open() throws -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw MLOpsError(.notFound, "There is no database \(url.path).", help: "Check the path.")
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(1)
        return try DatabaseQueue(path: url.path, configuration: configuration)
    }

    private func sql(isFirst: Bool) -> String {
        // Each name is qualified: SQLite takes an unknown name in quotes for a text, but not after a dot.
        func column(_ name: String) -> String { "source." + quoted(name) }
        let content =
            switch content {
            // The size is checked before the blob is read.
            case .blob(let name):
                "CASE WHEN length(\(column(name))) > \(maxBytes) THEN length(\(column(name))) ELSE \(column(name)) END"
            case .path(let name): column(name)
            }
        let columns = [column(idColumn), content] + ((labelColumn.map { [$0] } ?? []) + attributeColumns).map(column)
        let isQuery = table.range(of: #"^\s*(select|with)\s"#, options: [.regularExpression, .caseInsensitive]) != nil
        return "SELECT \(columns.joined(separator: ", ")) FROM \(isQuery ? "(\(table))" : quoted(table)) AS source "
            + (isFirst ? "" : "WHERE \(column(idColumn)) > ? ")
            + "ORDER BY \(column(idColumn)) \(isFirst ? "LIMIT -1 OFFSET ?" : "")"
    }

    private func quoted(_ name: String) -> String { "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }

    private func record(of row: Row) -> RawRecord {
        func text(_ index: Int) -> String? {
            switch (row[index] as DatabaseValue).storage {
            case .int64(let value): String(value)
            case .double(let value): String(value)
            case .string(let value): value
            case .null, .blob: nil
            }
        }
        let label = labelColumn == nil ? nil : text(2)
        var attributes: [String: String] = [:]
        for (i, name) in attributeColumns.enumerated() { attributes[name] = text(i + (labelColumn == nil ? 2 : 3)) }
        var record = RawRecord(id: text(0) ?? "", bytes: Data(), label: label, attributes: attributes)
        switch content {
        case .blob:
            switch (row[1] as DatabaseValue).storage {
            case .blob(let bytes): record.bytes = bytes
            case .int64(let count): record.readFailure = "The blob has \(count) bytes; the limit is \(maxBytes)."
            default: record.readFailure = "The content is no blob."
            }
        case .path:
            guard let path = text(1), !path.isEmpty, !path.hasPrefix("/"), !path.split(separator: "/").contains("..")
            else {
                record.readFailure = "The path '\(text(1) ?? "NULL")' is not one below the database's folder."
                break
            }
            record = RecordFile.record(
                id: record.id, at: url.deletingLastPathComponent().appending(path: path), label: label,
                attributes: attributes, maxBytes: maxBytes)
        }
        return record
    }
}
