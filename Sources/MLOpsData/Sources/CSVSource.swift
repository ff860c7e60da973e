public import Foundation
internal import MLOpsCore

/// A ``DataSource`` of the rows of a CSV file (RFC 4180) whose first row names the columns.
///
/// With a path column, a record's id is its path and its bytes are those of that file; paths are relative to the
/// folder of the CSV file, and may not leave it. Without one, the id is `row-N`, N from 1, and the bytes are the row as
/// canonical JSON.
public struct CSVSource: DataSource {
    /// The CSV file.
    public let url: URL
    /// The column of paths; `nil` for rows that are records by themselves.
    public var pathColumn: String?
    /// The column of labels; `nil` when the rows have none.
    public var labelColumn: String?
    /// The columns that become attributes; `nil` for all others.
    public var attributeColumns: [String]?
    /// The most bytes that a file may have; a larger one is a record with a read failure.
    public var maxBytes: Int

    /// Makes a source of the file at `url`, which is opened when records are asked for.
    public init(
        at url: URL, pathColumn: String? = "path", labelColumn: String? = "label", attributeColumns: [String]? = nil,
        maxBytes: Int = 64 << 20
    ) {
        self.url = url
        self.pathColumn = pathColumn
        self.labelColumn = labelColumn
        self.attributeColumns = attributeColumns
        self.maxBytes = maxBytes
    }

    /// Streams the records from `position` on.
    ///
    /// The sequence throws ``MLOpsError`` with `notFound` for a missing file, `invalidArgument` for a missing column
    /// (the columns found are named), and `corruptData` for text that is no CSV.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        RecordSequence { Iterator(source: self, start: position.offset) }
    }

    /// Where in a row each wanted field stands.
    private struct Columns {
        var count: Int
        var path: Int?
        var label: Int?
        var attributes: [(name: String, index: Int)]

        init(_ header: [String], of source: CSVSource) throws {
            func index(_ name: String) throws -> Int {
                if let index = header.firstIndex(of: name) { return index }
                throw MLOpsError(
                    .invalidArgument, "\(source.url.path) has no column '\(name)'.",
                    help: "Its columns are \(header.joined(separator: ", ")); name one of them.")
            }
            count = header.count
            path = try source.pathColumn.map(index)
            label = try source.labelColumn.map(index)
            let names = source.attributeColumns ?? header.filter { $0 != source.pathColumn && $0 != source.labelColumn }
            attributes = try names.map { ($0, try index($0)) }
        }
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: CSVSource
        fileprivate let start: Int
        private var offset = 0
        private var open: (reader: CSVReader, columns: Columns)?

        fileprivate init(source: CSVSource, start: Int) {
            self.source = source
            self.start = start
        }

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            var (reader, columns) = try open ?? openFile()
            defer { open = (reader, columns) }
            while let row = reader.next() {
                if row == [""] { continue }
                offset += 1
                if offset > start {
                    return SourcedRecord(try source.record(of: row, columns, offset), next: .init(offset: offset))
                }
            }
            if let failure = reader.failure { throw failure }
            return nil
        }

        private func openFile() throws -> (CSVReader, Columns) {
            var reader = try CSVReader(at: source.url)
            guard let header = reader.next() else {
                throw reader.failure
                    ?? MLOpsError(
                        .insufficientData, "\(source.url.path) is empty.", help: "Give a file whose first row names columns.")
            }
            return (reader, try Columns(header, of: source))
        }
    }

    private func record(of row: [String], _ columns: Columns, _ offset: Int) throws -> RawRecord {
        guard row.count == columns.count else {
            return RawRecord(
                id: "row-\(offset)", bytes: Data(),
                readFailure: "Row \(offset) has \(row.count) fields, not \(columns.count).")
        }
        let label = columns.label.map { row[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        var attributes: [String: String] = [:]
        for (name, index) in columns.attributes { attributes[name] = row[index] }
        guard let pathIndex = columns.path else {
            let bytes = try CanonicalJSON.encode(attributes)
            return RawRecord(id: "row-\(offset)", bytes: bytes, label: label, attributes: attributes)
        }
        let path = row[pathIndex]
        guard !path.isEmpty, !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            return RawRecord(
                id: "row-\(offset)", bytes: Data(), label: label, attributes: attributes,
                readFailure: "The path '\(path)' is not one below the file's folder.")
        }
        return RecordFile.record(
            id: path, at: url.deletingLastPathComponent().appending(path: path), label: label, attributes: attributes,
            maxBytes: maxBytes)
    }
}
