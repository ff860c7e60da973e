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

        /// Whether nothing could be read.
        var isUnreadable: Bool {
            if case .refused("unreadable", _) = self { true } else { false }
        }
    }

    var entry: DatasetEntry
    /// `nil` when the file must be read again in any case.
    var stamp: FileStamp?
    var outcome: Outcome

    /// Whether its bytes are in the store.
    var isStored: Bool {
        if case .refused = outcome { false } else { true }
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

    /// What a look at the files needs of records, without making them: the bytes of each id, its stamp, and whether it
    /// could not be read.
    static func glance(
        at bytes: [UInt8], _ body: (_ id: ArraySlice<UInt8>, _ stamp: FileStamp?, _ isUnreadable: Bool) -> Void
    ) throws {
        var reader = ByteReader(bytes, source: "A part of a folder's scan")
        while !reader.isAtEnd {
            let id = try reader.skipEntry().id
            let stamp = try stamp(from: &reader)
            let outcome = try outcome(from: &reader)
            body(id, stamp, outcome.isUnreadable)
        }
    }

    /// Hands on the digests of the records of a part, without making them.
    static func digests(in bytes: [UInt8], _ body: (Digest.Key) -> Void) throws {
        var reader = ByteReader(bytes, source: "A part of a folder's scan")
        while !reader.isAtEnd {
            body(Digest.Key(try reader.skipEntry().digest))
            _ = try stamp(from: &reader)
            _ = try outcome(from: &reader)
        }
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
        stamp = try Self.stamp(from: &reader)
        outcome = try Self.outcome(from: &reader)
    }

    private static func stamp(from reader: inout ByteReader) throws -> FileStamp? {
        switch try reader.byte() {
        case 0: nil
        case 1: try reader.stamp()
        default: throw reader.corrupt("has an unknown kind of stamp")
        }
    }

    private static func outcome(from reader: inout ByteReader) throws -> Outcome {
        switch try reader.byte() {
        case 0: .accepted
        case 1: .repeated
        case 2: .refused(code: try reader.text(), reason: try reader.text())
        default: throw reader.corrupt("has an unknown outcome")
        }
    }

    init(entry: DatasetEntry, stamp: FileStamp?, outcome: Outcome) {
        self.entry = entry
        self.stamp = stamp
        self.outcome = outcome
    }
}
