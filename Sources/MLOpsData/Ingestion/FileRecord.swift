internal import MLOpsCore

/// What a scan knows of a file: its entry, the stamp under which it was read, and what became of it.
struct FileRecord: Sendable, Hashable {
    enum Outcome: Sendable, Hashable {
        /// It passed the checks; its bytes are stored.
        case accepted
        /// It passed the checks, and has the bytes of an earlier file.
        case repeated
        /// A check refused it, or it could not be read.
        case refused(code: String, reason: String)
    }

    var entry: DatasetEntry
    /// `nil` when the file must be read again in any case.
    var stamp: FileStamp?
    var outcome: Outcome

    /// Whether its bytes are in the store.
    var isStored: Bool {
        if case .refused = outcome { false } else { true }
    }

    /// Whether nothing could be read.
    var isUnreadable: Bool {
        if case .refused("unreadable", _) = outcome { true } else { false }
    }

    static func encode(_ records: [FileRecord]) -> [UInt8] {
        var writer = ByteWriter()
        for record in records { record.write(to: &writer) }
        return writer.bytes
    }

    /// Reads records; throws `corruptData`.
    static func decode(_ bytes: [UInt8]) throws -> [FileRecord] {
        var reader = ByteReader(bytes, source: "A part of a folder's scan")
        var records: [FileRecord] = []
        while !reader.isAtEnd { records.append(try FileRecord(from: &reader)) }
        return records
    }

    private func write(to writer: inout ByteWriter) {
        writer.write(entry)
        writer.write(byte: stamp == nil ? 0 : 1)
        if let stamp { writer.write(stamp) }
        switch outcome {
        case .accepted: writer.write(byte: 0)
        case .repeated: writer.write(byte: 1)
        case .refused(let code, let reason):
            writer.write(byte: 2)
            writer.write(code)
            writer.write(reason)
        }
    }

    private init(from reader: inout ByteReader) throws {
        entry = try reader.entry()
        switch try reader.byte() {
        case 0: stamp = nil
        case 1: stamp = try reader.stamp()
        default: throw reader.corrupt("has an unknown kind of stamp")
        }
        switch try reader.byte() {
        case 0: outcome = .accepted
        case 1: outcome = .repeated
        case 2: outcome = .refused(code: try reader.text(), reason: try reader.text())
        default: throw reader.corrupt("has an unknown outcome")
        }
    }

    init(entry: DatasetEntry, stamp: FileStamp?, outcome: Outcome) {
        self.entry = entry
        self.stamp = stamp
        self.outcome = outcome
    }
}
