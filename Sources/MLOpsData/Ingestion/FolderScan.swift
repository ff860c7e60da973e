internal import Foundation
internal import GRDB
internal import MLOpsCore

/// What a store remembers of a folder's files between ingestions, and the journal of one under way.
///
/// Records lie in parts of about 160, in the order of ids, one row each. Those of a run under way are apart
/// (`is_new` = 1) until its end, which joins both. A run that was killed leaves its new parts, and the next joins them
/// when it begins.
struct FolderScan: Sendable {
    let store: DatasetStore
    let key: Int64
    let name: String
    /// Grows with each change to the records, so that two runs at a time, or a run and an erasure, notice each other.
    private var run: Int
    /// The version that the records made; `nil` when their run has not come to its end.
    let version: Digest?
    /// The stamps of all folders; `nil` when the files must be listed.
    let folders: FolderStamps?
    /// Whether a broken run is gone on with.
    let isResumed: Bool
    /// The first id of each part.
    let parts: [String]

    /// Opens the scan of a name, or begins it.
    ///
    /// - Parameters:
    ///   - profile: what records depend on beside the files; a scan of another one is begun anew.
    ///   - isReusable: whether records of a run that has come to its end hold good for this one.
    static func open(
        _ name: String, profile: String, isReusable: Bool, in store: DatasetStore
    ) async throws -> FolderScan {
        if let scan = try await store.reading({ try find(name, profile, isReusable, store, $0) }) { return scan }
        return try await store.write { batch in
            try prepare(name, profile, isReusable, batch.database)
            guard let scan = try find(name, profile, true, store, batch.database) else { throw lost(name) }
            return scan
        }
    }

    /// Forgets the scan of a name.
    static func discard(_ name: String, in store: DatasetStore) async throws {
        try await store.write { batch in
            try batch.database.execute(
                sql: "DELETE FROM scan_part WHERE scan IN (SELECT key FROM scan WHERE name = ?)", arguments: [name])
            try batch.database.execute(sql: "DELETE FROM scan WHERE name = ?", arguments: [name])
        }
    }

    /// Takes in some more of a run's files, in order: their bytes, and what became of them.
    func commit(_ records: [CheckedRecord], before hook: @escaping IngestionHook) async throws -> FolderScan {
        guard let last = records.last else { return self }
        try await store.write { batch in
            try lock(batch.database)
            let taken = try records.map { try take($0, batch) }
            try batch.database.execute(
                sql: "INSERT INTO scan_part (scan, is_new, first, body) VALUES (?, 1, ?, ?)",
                arguments: [key, taken.first?.entry.id, Data(FileRecord.encode(taken))])
            try hook(.bytesAppended(last.offset + 1))
        }
        try hook(.batchCommitted(last.offset + 1))
        var next = self
        next.run &+= 1
        return next
    }

    /// Stores a file's bytes, unless it was refused.
    func take(_ checked: CheckedRecord, _ batch: StoreBatch) throws -> FileRecord {
        let record = checked.record
        var outcome = FileRecord.Outcome.accepted
        if let rejection = checked.rejection {
            outcome = .refused(code: rejection.code, reason: rejection.reason)
        } else if try batch.isErased(checked.digest) {
            outcome = .refused(code: "erased", reason: Rejection.erasedReason)
        } else {
            try batch.store(record.bytes, checked.digest)
        }
        return FileRecord(
            entry: DatasetEntry(
                id: record.id, digest: checked.digest, label: record.label, attributes: record.attributes),
            stamp: checked.stamp, outcome: outcome)
    }

    /// Makes sure that no other run of the name has committed since this one last did.
    func lock(_ database: Database) throws {
        try database.execute(sql: "UPDATE scan SET run = run + 1 WHERE key = ? AND run = ?", arguments: [key, run])
        guard database.changesCount == 1 else { throw Self.lost(name) }
    }

    /// The bytes of a part.
    func body(ofPart first: String, isNew: Bool = false, _ database: Database) throws -> [UInt8] {
        try Self.body(of: key, part: first, isNew, database)
    }

    /// The records of a part.
    func records(ofPart first: String, isNew: Bool = false, _ database: Database) throws -> [FileRecord] {
        try Self.records(of: key, part: first, isNew, database)
    }

    /// The first ids of the parts that a run under way has committed.
    func newParts(_ database: Database) throws -> [String] { try Self.parts(of: key, isNew: true, database) }

    private static func records(
        of key: Int64, part first: String, _ isNew: Bool, _ database: Database
    ) throws -> [FileRecord] { try FileRecord.decode(body(of: key, part: first, isNew, database)) }

    private static func body(
        of key: Int64, part first: String, _ isNew: Bool, _ database: Database
    ) throws -> [UInt8] {
        let statement = try database.cachedStatement(
            sql: "SELECT body FROM scan_part WHERE scan = ? AND is_new = ? AND first = ?")
        let row = try Row.fetchOne(statement, arguments: [key, isNew, first])
        return try row.map { [UInt8](try $0.decode(Data.self, atIndex: 0)) } ?? []
    }

    private static func parts(of key: Int64, isNew: Bool, _ database: Database) throws -> [String] {
        try Row.fetchAll(
            database, sql: "SELECT first FROM scan_part WHERE scan = ? AND is_new = ? ORDER BY first",
            arguments: [key, isNew]
        ).map { try $0.decode(atIndex: 0) }
    }

    /// The scan of a name, or `nil` when it must be prepared first.
    private static func find(
        _ name: String, _ profile: String, _ isReusable: Bool, _ store: DatasetStore, _ database: Database
    ) throws -> FolderScan? {
        let row = try Row.fetchOne(
            database, sql: "SELECT key, run, version, folders FROM scan WHERE name = ? AND profile = ?",
            arguments: [name, profile])
        guard let row else { return nil }
        let key: Int64 = try row.decode(atIndex: 0)
        let isComplete = try row.decode(Data?.self, atIndex: 2) != nil
        guard try parts(of: key, isNew: true, database).isEmpty, isReusable || !isComplete else { return nil }
        let parts = try parts(of: key, isNew: false, database)
        return FolderScan(
            store: store, key: key, name: name, run: try row.decode(atIndex: 1),
            version: isComplete ? try row.digest(2) : nil,
            folders: try FolderStamps([UInt8](row.decode(Data.self, atIndex: 3))),
            isResumed: !isComplete && !parts.isEmpty, parts: parts)
    }

    /// Begins a scan, anew when the profile has changed, and joins what a broken run has left.
    private static func prepare(
        _ name: String, _ profile: String, _ isReusable: Bool, _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO scan (name, profile, run, folders) VALUES (?, ?, 0, x'')",
            arguments: [name, profile])
        let row = try Row.fetchOne(
            database, sql: "SELECT key, profile, version FROM scan WHERE name = ?", arguments: [name])
        guard let row else { throw lost(name) }
        let key: Int64 = try row.decode(atIndex: 0)
        let isComplete = try row.decode(Data?.self, atIndex: 2) != nil
        let new = try parts(of: key, isNew: true, database)
        if try row.decode(String.self, atIndex: 1) != profile {
            try database.execute(sql: "DELETE FROM scan_part WHERE scan = ?", arguments: [key])
        } else {
            if isComplete, !isReusable {
                // Old records do not hold good, but those of the broken run do.
                try database.execute(
                    sql: "DELETE FROM scan_part WHERE scan = ? AND is_new = 0", arguments: [key])
            }
            if !new.isEmpty {
                var old = FileRecordStream(parts: try parts(of: key, isNew: false, database)) {
                    try records(of: key, part: $0, false, database)
                }
                var added = FileRecordStream(parts: new) { try records(of: key, part: $0, true, database) }
                var writer = FolderPartWriter(scan: key, database: database)
                while let pair = try FileRecordStream.next(&old, &added) {
                    if let record = pair.new ?? pair.old { try writer.add(record) }
                }
                try writer.finish()
            }
        }
        try database.execute(
            sql: "UPDATE scan SET profile = ?, run = run + 1, version = NULL, folders = x'' WHERE key = ?",
            arguments: [profile, key])
    }

    private static func lost(_ name: String) -> MLOpsError {
        MLOpsError(
            .unavailable,
            "Another run, an erasure or a garbage collection has changed what the ingestion '\(name)' goes by.",
            help: "Let it end, or stop it; then run this one again.")
    }
}
