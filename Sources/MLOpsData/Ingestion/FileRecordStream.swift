internal import Foundation
internal import GRDB
internal import MLOpsCore

/// Records in the order of their ids, read part by part.
struct FileRecordStream {
    private var parts: ArraySlice<String>
    private let read: (String) throws -> [FileRecord]
    private var records: ArraySlice<FileRecord> = []
    /// Records that come behind those of all parts.
    private var rest: [FileRecord]

    init(parts: [String], then rest: [FileRecord] = [], read: @escaping (String) throws -> [FileRecord]) {
        self.parts = parts[...]
        self.rest = rest
        self.read = read
    }

    private mutating func peek() throws -> FileRecord? {
        while records.isEmpty {
            if let part = parts.popFirst() {
                records = try read(part)[...]
            } else if !rest.isEmpty {
                records = rest[...]
                rest = []
            } else {
                return nil
            }
        }
        return records.first
    }

    /// The next id of either stream, with what each has under it.
    static func next(
        _ old: inout FileRecordStream, _ new: inout FileRecordStream
    ) throws -> (old: FileRecord?, new: FileRecord?)? {
        switch (try old.peek(), try new.peek()) {
        case (nil, nil): return nil
        case (let a?, nil):
            old.records.removeFirst()
            return (a, nil)
        case (nil, let b?):
            new.records.removeFirst()
            return (nil, b)
        case (let a?, let b?):
            if a.entry.id.utf8.elementsEqual(b.entry.id.utf8) {
                old.records.removeFirst()
                new.records.removeFirst()
                return (a, b)
            }
            if a.entry.id.utf8.lexicographicallyPrecedes(b.entry.id.utf8) {
                old.records.removeFirst()
                return (a, nil)
            }
            new.records.removeFirst()
            return (nil, b)
        }
    }
}

/// Writes records, in the order of their ids, as the parts of a scan; leaves parts alone that stay as they are.
struct FolderPartWriter {
    let scan: Int64
    let database: Database
    private var records: [FileRecord] = []
    /// The first ids of the parts that stay, as bytes: two may be equal as text.
    private var written: Set<[UInt8]> = []

    init(scan: Int64, database: Database) {
        self.scan = scan
        self.database = database
    }

    /// Whether the next record begins a part.
    var isBetweenParts: Bool { records.isEmpty }

    /// Leaves a part as it is; only between parts.
    mutating func keep(_ first: String) {
        precondition(isBetweenParts, "a part is kept only between parts")
        written.insert(Array(first.utf8))
    }

    mutating func add(_ record: FileRecord) throws {
        records.append(record)
        if ChunkRule.ends(after: record.entry.id, items: records.count) { try flush() }
    }

    /// Deletes the parts that are no more, and those of the run that has now ended.
    mutating func finish() throws {
        try flush()
        try database.execute(sql: "DELETE FROM scan_part WHERE scan = ? AND is_new = 1", arguments: [scan])
        let rows = try Row.fetchAll(
            database, sql: "SELECT first FROM scan_part WHERE scan = ? AND is_new = 0", arguments: [scan])
        for row in rows {
            let first: String = try row.decode(atIndex: 0)
            if written.contains(Array(first.utf8)) { continue }
            try database.execute(
                sql: "DELETE FROM scan_part WHERE scan = ? AND is_new = 0 AND first = ?", arguments: [scan, first])
        }
    }

    private mutating func flush() throws {
        guard let first = records.first?.entry.id else { return }
        let body = Data(FileRecord.encode(records))
        records.removeAll(keepingCapacity: true)
        written.insert(Array(first.utf8))
        let statement = try database.cachedStatement(
            sql: "SELECT body FROM scan_part WHERE scan = ? AND is_new = 0 AND first = ?")
        if let row = try Row.fetchOne(statement, arguments: [scan, first]),
            try row.decode(Data.self, atIndex: 0) == body
        {
            return
        }
        try database.execute(
            sql: "INSERT OR REPLACE INTO scan_part (scan, is_new, first, body) VALUES (?, 0, ?, ?)",
            arguments: [scan, first, body])
    }
}
