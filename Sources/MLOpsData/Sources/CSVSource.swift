public import Foundation
internal import MLOpsCore

/// A ``DataSource`` of the rows of a CSV file (RFC 4180) whose first row names the columns.
///
/// With a path column, a record's id is its path and its bytes are those of that file; paths are relative to the
/// folder of the CSV file, and may not leave it. Without one, the id is `row-N`, N from 1, and the bytes are the row as
/// canonical JSON. A row that can't be read, or has another number of fields than the first, is a record with a read
/// failure, which names its line and its place in the file; reading goes on after it. Empty lines are passed over.
public struct CSVSource: DataSource {
    /// The CSV file.
    public let url: URL
    /// The column of paths; `nil` for rows that are records by themselves.
    public var pathColumn: String?
    /// The column of labels; `nil` when the rows have none.
    public var labelColumn: String?
    /// The columns that become attributes; `nil` for all others.
    public var attributeColumns: [String]?
    /// What stands between fields; one ASCII character.
    public var delimiter: Character
    /// The most bytes that a row may have; a longer one is a record with a read failure.
    public var maxRowBytes: Int
    /// The most bytes that a file may have; a larger one is a record with a read failure.
    public var maxBytes: Int

    /// Makes a source of the file at `url`, which is opened when records are asked for.
    public init(
        at url: URL, pathColumn: String? = "path", labelColumn: String? = "label", attributeColumns: [String]? = nil,
        delimiter: Character = ",", maxRowBytes: Int = 1 << 20, maxBytes: Int = 64 << 20
    ) {
        self.url = url
        self.pathColumn = pathColumn
        self.labelColumn = labelColumn
        self.attributeColumns = attributeColumns
        self.delimiter = delimiter
        self.maxRowBytes = maxRowBytes
        self.maxBytes = maxBytes
    }

    /// Streams the records from `position` on.
    ///
    /// The sequence throws ``MLOpsError`` with `notFound` for a missing file, `insufficientData` for an empty one,
    /// `corruptData` when the first row can't be read, and `invalidArgument` for a column that is missing or there
    /// twice (the columns found are named).
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
                if let index = header.firstIndex(of: name), header.lastIndex(of: name) == index { return index }
                throw MLOpsError(
                    .invalidArgument,
                    "\(source.url.path) has \(header.contains(name) ? "two" : "no") column '\(name)'.",
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
        private let source: CSVSource
        private let folder: RecordFolder
        private let start: Int
        private var offset = 0
        private var open: (reader: CSVReader, columns: Columns)?

        fileprivate init(source: CSVSource, start: Int) {
            self.source = source
            self.start = start
            folder = RecordFolder(at: source.url.deletingLastPathComponent().path, maxBytes: source.maxBytes)
        }

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            var (reader, columns) = try open ?? openFile()
            open = nil  // Two holders of the reader would copy its window.
            defer { open = (reader, columns) }
            while let row = reader.next() {
                if row.fields == [""] { continue }
                offset += 1
                if offset > start {
                    return SourcedRecord(try record(of: row, columns), next: SourcePosition(offset: offset))
                }
            }
            if let failure = reader.failure { throw failure }
            return nil
        }

        private func openFile() throws -> (CSVReader, Columns) {
            var reader = try CSVReader(at: source.url, delimiter: source.delimiter, maxRowBytes: source.maxRowBytes)
            guard let header = reader.next() else {
                throw reader.failure
                    ?? MLOpsError(
                        .insufficientData, "\(source.url.path) is empty.",
                        help: "Give a file whose first row names columns.")
            }
            if let failure = header.failure {
                throw MLOpsError(
                    .corruptData, "The first row of \(source.url.path) has \(failure).",
                    help: "Give a file whose first row names columns, quoted as RFC 4180 says.")
            }
            return (reader, try Columns(header.fields, of: source))
        }

        private func record(of row: CSVRow, _ columns: Columns) throws -> RawRecord {
            let id = "row-\(offset)"
            let place = "Row \(offset) (line \(row.line), byte \(row.offset))"
            if let failure = row.failure {
                return RawRecord(id: id, bytes: Data(), readFailure: "\(place) has \(failure).")
            }
            guard row.fields.count == columns.count else {
                return RawRecord(
                    id: id, bytes: Data(),
                    readFailure: "\(place) has \(row.fields.count) fields, not \(columns.count).")
            }
            let label = columns.label.map { row.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
            var attributes: [String: String] = [:]
            for (name, index) in columns.attributes { attributes[name] = row.fields[index] }
            guard let pathIndex = columns.path else {
                let bytes = try CanonicalJSON.encode(attributes)
                return RawRecord(id: id, bytes: bytes, label: label, attributes: attributes)
            }
            let path = row.fields[pathIndex]
            return folder.record(
                id: RecordFolder.fault(inName: path) == nil && !path.isEmpty ? path : id, file: path, label: label,
                attributes: attributes)
        }
    }
}
