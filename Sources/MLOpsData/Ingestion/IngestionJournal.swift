internal import Foundation
internal import GRDB
internal import MLOpsCore

/// A record with the outcome of its checks.
struct CheckedRecord: Sendable {
    var record: RawRecord
    /// The place of the record in its source, from 0.
    var offset: Int
    /// The number of bytes that the record came with.
    var size: Int
    var digest: Digest
    var rejection: Rejection?
}

/// What an ingestion has committed so far.
struct IngestionJournal: Sendable {
    let store: DatasetStore
    let key: Int64
    let name: String
    private(set) var position: SourcePosition
    private(set) var lastID: String?
    private(set) var accepted: Int
    private(set) var rejected: Int

    /// Opens the journal of a name, or begins it.
    static func open(_ name: String, in store: DatasetStore) async throws -> IngestionJournal {
        try await store.write { batch in
            try batch.database.execute(
                sql: "INSERT OR IGNORE INTO ingestion (name, position, accepted, rejected) VALUES (?, 0, 0, 0)",
                arguments: [name])
            let row = try Row.fetchOne(
                batch.database,
                sql: "SELECT key, position, last_id, accepted, rejected FROM ingestion WHERE name = ?",
                arguments: [name])
            guard let row else { throw lost(name) }
            return IngestionJournal(
                store: store, key: row[0], name: name, position: SourcePosition(offset: max(0, row[1])),
                lastID: row[2], accepted: row[3], rejected: row[4])
        }
    }

    /// Takes the next records of the source in: their bytes, their outcomes and the new position, or nothing of it.
    ///
    /// - Throws: ``MLOpsError`` with `unavailable` when another run has gone on with this ingestion meanwhile.
    mutating func commit(_ records: [CheckedRecord], before step: @escaping IngestionHook) async throws {
        guard let last = records.last else { return }
        let before = self
        let position = SourcePosition(offset: last.offset + 1)
        let taken = try await store.write { batch in
            let database = batch.database
            let found = try Int.fetchOne(
                database, sql: "SELECT position FROM ingestion WHERE key = ?", arguments: [before.key])
            guard found == before.position.offset else { throw Self.lost(before.name) }
            var taken = 0
            for record in records {
                if let rejection = try before.takeIn(record, batch) {
                    try database.cachedStatement(
                        sql: "INSERT INTO rejected (ingestion, offset, id, code, reason) VALUES (?, ?, ?, ?, ?)"
                    ).execute(
                        arguments: [before.key, rejection.offset, rejection.id, rejection.code, rejection.reason])
                } else {
                    taken += 1
                }
            }
            try step(.bytesAppended(position.offset))
            try database.execute(
                sql: "UPDATE ingestion SET position = ?, last_id = ?, accepted = ?, rejected = ? WHERE key = ?",
                arguments: [
                    position.offset, last.record.id, before.accepted + taken,
                    before.rejected + records.count - taken, before.key,
                ])
            return taken
        }
        self.position = position
        lastID = last.record.id
        accepted += taken
        rejected += records.count - taken
        try step(.batchCommitted(position.offset))
    }

    /// Stores one record, or says why not.
    private func takeIn(_ checked: CheckedRecord, _ batch: StoreBatch) throws -> Rejection? {
        if let rejection = checked.rejection { return rejection }
        let (record, digest) = (checked.record, Data(checked.digest.bytes))
        func rejection(_ code: String, _ reason: String) -> Rejection {
            Rejection(offset: checked.offset, id: record.id, code: code, reason: reason)
        }
        let same = try batch.database.cachedStatement(
            sql: "SELECT id, label FROM accepted WHERE ingestion = ? AND digest = ?")
        if let row = try Row.fetchOne(same, arguments: [key, digest]) {
            let (id, label): (String, String?) = (row[0], row[1])
            return label == record.label
                ? rejection("duplicate", "It has the same bytes as '\(id)'.")
                : rejection(
                    "conflictingLabel",
                    "It has the same bytes as '\(id)', which is labeled '\(label ?? "")', not '\(record.label ?? "")'.")
        }
        let attributes = String(decoding: try CanonicalJSON.encode(record.attributes), as: UTF8.self)
        try batch.database.cachedStatement(
            sql: "INSERT OR IGNORE INTO accepted (ingestion, id, digest, label, attributes) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [key, record.id, digest, record.label, attributes])
        if batch.database.changesCount == 0 {
            return rejection("duplicateID", "An earlier record has the id '\(record.id)'.")
        }
        try batch.store(record.bytes, checked.digest)
        return nil
    }

    /// All that was taken in, and all that was rejected.
    func contents() async throws -> (version: DatasetVersion, rejections: [Rejection]) {
        let key = key
        let (entries, rejections) = try await store.reading { database in
            let accepted = try Row.fetchCursor(
                database, sql: "SELECT id, digest, label, attributes FROM accepted WHERE ingestion = ? ORDER BY id",
                arguments: [key])
            var entries: [DatasetEntry] = []
            while let row = try accepted.next() {
                let (digest, attributes): (Data, String) = (row[1], row[3])
                guard let digest = Digest(bytes: digest) else {
                    throw MLOpsError(
                        .corruptData, "The journal of '\(name)' has a digest of \(digest.count) bytes.",
                        help: "Discard the ingestion and run it again.")
                }
                let known =
                    attributes == "{}"
                    ? [:]
                    : try CanonicalJSON.decode([String: String].self, from: Data(attributes.utf8), source: "the journal")
                entries.append(DatasetEntry(id: row[0], digest: digest, label: row[2], attributes: known))
            }
            let rejections = try Row.fetchAll(
                database, sql: "SELECT offset, id, code, reason FROM rejected WHERE ingestion = ? ORDER BY offset",
                arguments: [key]
            ).map { Rejection(offset: $0[0], id: $0[1], code: $0[2], reason: $0[3]) }
            return (entries, rejections)
        }
        let counts = rejections.reduce(into: [:]) { $0[$1.code, default: 0] += 1 }
        return (try DatasetVersion(entries: entries, rejected: counts), rejections)
    }

    /// Forgets the ingestion; stored bytes stay.
    func discard() async throws {
        let key = key
        try await store.write { batch in
            for table in ["accepted", "rejected"] {
                try batch.database.execute(sql: "DELETE FROM \(table) WHERE ingestion = ?", arguments: [key])
            }
            try batch.database.execute(sql: "DELETE FROM ingestion WHERE key = ?", arguments: [key])
        }
    }

    private static func lost(_ name: String) -> MLOpsError {
        MLOpsError(
            .unavailable, "Another run has gone on with the ingestion '\(name)'.",
            help: "Let it end, or stop it; then run this one again.")
    }
}
