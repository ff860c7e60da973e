public import Foundation
internal import MLOpsCore

/// A ``DataSource`` of a file of JSON objects, one a line (JSON Lines; RFC 8259 for each).
///
/// Members become text as they are spelled: a number keeps every digit, an object or array stays JSON, and null is no
/// attribute. A line that is no object, has broken UTF-8, a name twice, or nesting beyond the limit is a record with a
/// read failure that names its place; reading goes on after it. Blank lines are passed over. Memory holds one line and
/// one record.
public struct JSONLinesSource: DataSource {
    /// What a record's bytes are.
    public enum Content: Sendable, Hashable {
        /// The line, as it stands in the file.
        case line
        /// The text of a member, as UTF-8.
        case text(field: String)
        /// The file that a member names, relative to the folder of the JSON Lines file; it may not leave that.
        case path(field: String)
    }

    /// The file.
    public let url: URL
    /// What a record's bytes are.
    public var content: Content
    /// The member that is a record's id; `nil` for `row-N`, N from 1.
    public var idField: String?
    /// The member that is the label, if it is there; `nil` when there is none.
    public var labelField: String?
    /// The members that become attributes; `nil` for all others.
    public var attributeFields: [String]?
    /// The most bytes that a line may have; a longer one is a record with a read failure.
    public var maxLineBytes: Int
    /// How deep objects and arrays may stand in each other.
    public var maxDepth: Int
    /// The most bytes that a file may have; a larger one is a record with a read failure.
    public var maxBytes: Int

    /// Makes a source of the file at `url`, which is opened when records are asked for.
    public init(
        at url: URL, content: Content = .line, idField: String? = nil, labelField: String? = "label",
        attributeFields: [String]? = [], maxLineBytes: Int = 4 << 20, maxDepth: Int = 64, maxBytes: Int = 64 << 20
    ) {
        self.url = url
        self.content = content
        self.idField = idField
        self.labelField = labelField
        self.attributeFields = attributeFields
        self.maxLineBytes = maxLineBytes
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
    }

    /// Streams the records from `position` on.
    ///
    /// The sequence throws ``MLOpsError`` with `notFound` for a missing file, `storage` for one that can't be read.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        RecordSequence { Iterator(source: self, start: position.offset) }
    }

    struct Iterator: AsyncIteratorProtocol {
        private let source: JSONLinesSource
        private let folder: RecordFolder
        private let start: Int
        private var offset = 0
        private var reader: JSONLinesReader?

        fileprivate init(source: JSONLinesSource, start: Int) {
            self.source = source
            self.start = start
            folder = RecordFolder(at: source.url.deletingLastPathComponent().path, maxBytes: source.maxBytes)
        }

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            if reader == nil {
                reader = try JSONLinesReader(
                    at: source.url, maxLineBytes: source.maxLineBytes, maxDepth: source.maxDepth)
            }
            while let line = try reader?.next() {
                offset += 1
                if offset > start { return SourcedRecord(record(of: line), next: SourcePosition(offset: offset)) }
            }
            return nil
        }

        private func record(of line: JSONLinesReader.Line) -> RawRecord {
            var record = RawRecord(id: "row-\(offset)", bytes: Data())
            func failed(_ what: String) -> RawRecord {
                record.readFailure = "Row \(offset) (line \(line.number), byte \(line.offset)) has \(what)."
                return record
            }
            if let failure = line.failure { return failed(failure) }
            if let field = source.idField {
                guard let id = line.members[field]?.text, !id.isEmpty, RecordFolder.fault(inName: id) == nil else {
                    return failed("no id in '\(field)'")
                }
                record.id = id
            }
            if let field = source.labelField, let label = line.members[field] {
                if case .nested = label { return failed("an object or array for the label") }
                record.label = label.text
            }
            let contentField: String? =
                switch source.content {
                case .line: nil
                case .text(let field), .path(let field): field
                }
            let known = [source.idField, source.labelField, contentField]
            for (name, value) in line.members where source.attributeFields?.contains(name) ?? !known.contains(name) {
                record.attributes[name] = value.text
            }
            switch source.content {
            case .line: record.bytes = line.bytes
            case .text(let field):
                guard case .string(let text)? = line.members[field] else { return failed("no text in '\(field)'") }
                record.bytes = Data(text.utf8)
            case .path(let field):
                guard case .string(let path)? = line.members[field] else { return failed("no path in '\(field)'") }
                let id = source.idField == nil && RecordFolder.fault(inName: path) == nil && !path.isEmpty ? path : nil
                return folder.record(
                    id: id ?? record.id, file: path, label: record.label, attributes: record.attributes)
            }
            return record
        }
    }
}
