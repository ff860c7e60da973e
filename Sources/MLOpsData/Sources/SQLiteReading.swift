internal import Foundation
internal import GRDB
internal import MLOpsCore

/// One reading of a ``SQLiteSource``: a single statement, so that all rows are those of one snapshot.
///
/// Unchecked Sendable: the cursor is only touched within accesses of `queue`, which run one at a time.
final class SQLiteReading: @unchecked Sendable {
    private let source: SQLiteSource
    private let folder: RecordFolder
    private let queue: DatabaseQueue
    private var cursor: RowCursor?

    init(of source: SQLiteSource, from offset: Int) async throws {
        self.source = source
        folder = RecordFolder(at: source.url.deletingLastPathComponent().path, maxBytes: source.maxBytes)
        guard FileManager.default.fileExists(atPath: source.url.path) else {
            throw MLOpsError(.notFound, "There is no database \(source.url.path).", help: "Check the path.")
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(1)
        do {
            queue = try DatabaseQueue(path: source.url.path, configuration: configuration)
            try await queue.unsafeRead { [self] database in
                // The bytes of a text tell whether it is UTF-8; a database of UTF-16 has other bytes.
                let isUTF8 = try String.fetchOne(database, sql: "PRAGMA encoding") == "UTF-8"
                cursor = try Row.fetchCursor(database, sql: source.sql(castsText: isUTF8), arguments: [offset])
            }
        } catch { throw MLOpsError.database(error, at: source.url.path) }
    }

    deinit {
        // A statement is reset within its queue only.
        queue.unsafeReentrantRead { _ in cursor = nil }
    }

    /// The next records, at most 64, or fewer above 8 MiB; none at the end.
    func page() async throws -> ArraySlice<RawRecord> {
        do {
            return try await queue.unsafeRead { [self] _ in
                var records: ArraySlice<RawRecord> = []
                var size = 0
                while size < 8 << 20, records.count < 64, let row = try cursor?.next() {
                    let record = record(of: row)
                    size += record.heldBytes
                    records.append(record)
                }
                return records
            }
        } catch { throw MLOpsError.database(error, at: source.url.path) }
    }

    private func record(of row: Row) -> RawRecord {
        var fault: String?
        /// The text of a value; `nil` for NULL and blobs, and for broken UTF-8, which is a fault.
        func text(_ index: Int, _ name: String) -> String? {
            switch (row[index] as DatabaseValue).storage {
            case .int64(let value): return String(value)
            case .double(let value): return String(value)
            case .string(let value): return value
            case .null: return nil
            case .blob(let bytes):
                let text = String(validating: bytes, as: UTF8.self)
                if text == nil { fault = "The column '\(name)' has broken UTF-8." }
                return text
            }
        }
        let id = text(0, source.idColumn)
        var record = RawRecord(id: id ?? "", bytes: Data())
        if let label = source.labelColumn { record.label = text(4, label) }
        for (i, name) in source.attributeColumns.enumerated() {
            record.attributes[name] = text(i + (source.labelColumn == nil ? 4 : 5), name)
        }
        switch source.content {
        case .blob:
            let kind = text(2, "type") ?? "null"
            let count = Int(text(3, "size") ?? "") ?? 0
            if kind != "blob" {
                fault = fault ?? "The content is no blob, but \(kind)."
            } else if count > source.maxBytes {
                fault = fault ?? "The blob has \(count) bytes; the limit is \(source.maxBytes)."
            } else if case .blob(let bytes) = (row[1] as DatabaseValue).storage {
                record.bytes = bytes
            }
        case .path(let name):
            if let path = text(1, name) {
                record = folder.record(id: record.id, file: path, label: record.label, attributes: record.attributes)
            } else {
                fault = fault ?? "There is no path in '\(name)'."
            }
        }
        if id == nil {
            fault = fault ?? "There is no id in '\(source.idColumn)'."
        } else if let broken = RawRecord.fault(inID: record.id) {
            fault = fault ?? broken
        }
        if let fault {
            record.bytes = Data()
            record.readFailure = fault
        }
        return record
    }
}
