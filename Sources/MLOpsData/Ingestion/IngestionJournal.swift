internal import Foundation
internal import GRDB
internal import MLOpsCore

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
                // A key that was forgotten must not come again: a run that still has it would take it for its own.
                sql: """
                    INSERT OR IGNORE INTO ingestion (key, name, position, accepted, rejected)
                    VALUES (random() & 0x7FFFFFFFFFFFFFFF, ?, 0, 0, 0)
                    """,
                arguments: [name])
            let row = try Row.fetchOne(
                batch.database,
                sql: "SELECT key, position, last_id, accepted, rejected FROM ingestion WHERE name = ?",
                arguments: [name])
            guard let row else { throw lost(name) }
            let counts = try [1, 3, 4].map { try row.decode(Int.self, atIndex: $0) }
            guard counts.allSatisfy({ 0...(1 << 48) ~= $0 }) else {
                throw MLOpsError(
                    .corruptData, "The journal of '\(name)' has impossible counts.",
                    help: "It was damaged or changed; restore the store from a copy.")
            }
            return IngestionJournal(
                store: store, key: try row.decode(atIndex: 0), name: name,
                position: SourcePosition(offset: counts[0]), lastID: try row.decode(atIndex: 2), accepted: counts[1],
                rejected: counts[2])
        }
    }

    /// Takes the next records of the source in: their bytes, their outcomes and the new position, or nothing of it.
    ///
    /// - Throws: ``MLOpsError`` with `unavailable` when another run has gone on with this ingestion meanwhile.
    mutating func commit(_ records: [CheckedRecord], before step: @escaping IngestionHook) async throws {
        guard let last = records.last else { return }
        let before = self
        let position = SourcePosition(offset: last.offset + 1)
        let counts = try await store.write { batch in
            let database = batch.database
            guard try before.isCurrent(database) else { throw Self.lost(before.name) }
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
            // An erasure may have changed the counts meanwhile.
            let counts = try Row.fetchOne(
                database,
                sql: """
                    UPDATE ingestion SET position = ?, last_id = ?, accepted = accepted + ?, rejected = rejected + ?
                    WHERE key = ? RETURNING accepted, rejected
                    """, arguments: [position.offset, last.record.id, taken, records.count - taken, before.key])
            guard let counts else { throw Self.lost(before.name) }
            return (
                accepted: try counts.decode(Int.self, atIndex: 0), rejected: try counts.decode(Int.self, atIndex: 1)
            )
        }
        self.position = position
        lastID = last.record.id
        (accepted, rejected) = (counts.accepted, counts.rejected)
        try step(.batchCommitted(position.offset))
    }

    /// Whether no other run has gone on with the ingestion, or forgotten it, since this one last committed.
    private func isCurrent(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT position FROM ingestion WHERE key = ?", arguments: [key])
            == position.offset
    }

    /// Stores one record, or says why not.
    private func takeIn(_ checked: CheckedRecord, _ batch: StoreBatch) throws -> Rejection? {
        if let rejection = checked.rejection { return rejection }
        let (record, digest) = (checked.record, checked.digest.blob)
        func rejection(_ code: String, _ reason: String) -> Rejection {
            Rejection(offset: checked.offset, id: record.id, code: code, reason: reason)
        }
        if try batch.isErased(checked.digest) { return rejection("erased", Rejection.erasedReason) }
        let same = try batch.database.cachedStatement(
            sql: "SELECT id, label FROM accepted WHERE ingestion = ? AND digest = ?")
        if let row = try Row.fetchOne(same, arguments: [key, digest]) {
            let (id, label): (String, String?) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
            return .repeated(
                DatasetEntry(id: record.id, digest: checked.digest, label: record.label), of: id, labeled: label,
                at: checked.offset)
        }
        let attributes = String(decoding: try CanonicalJSON.encode(record.attributes), as: UTF8.self)
        try batch.database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO accepted (ingestion, id, digest, label, attributes, offset)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [key, record.id, digest, record.label, attributes, checked.offset])
        if batch.database.changesCount == 0 {
            return rejection("duplicateID", "An earlier record has the id '\(record.id)'.")
        }
        try batch.store(record.bytes, checked.digest)
        return nil
    }

    /// Commits the version of all that was taken in, with the log of what was rejected, and counts both: an erasure may
    /// have changed the counts that this run knows.
    ///
    /// - Parameter check: throws for a version that is not to be.
    func commitVersion(
        check: @escaping @Sendable (VersionHeader, [Rejection]) throws -> Void
    ) async throws -> (digest: Digest, accepted: Int, rejected: Int) {
        let (key, now) = (key, store.clock.now())
        return try await store.write { batch in
            guard try isCurrent(batch.database) else { throw Self.lost(name) }
            let rejections = try Row.fetchAll(
                batch.database,
                sql: "SELECT offset, id, code, reason FROM rejected WHERE ingestion = ? ORDER BY offset",
                arguments: [key]
            ).map {
                Rejection(
                    offset: try $0.decode(atIndex: 0), id: try $0.decode(atIndex: 1), code: try $0.decode(atIndex: 2),
                    reason: try $0.decode(atIndex: 3))
            }
            var builder = ManifestBuilder { try batch.store(Data($0), $1) }
            var (entries, labels) = (0, [String: Int]())
            let accepted = try Row.fetchCursor(
                batch.database,
                sql: "SELECT id, digest, label, attributes FROM accepted WHERE ingestion = ? ORDER BY id",
                arguments: [key])
            while let row = try accepted.next() {
                let attributes = try row.decode(String.self, atIndex: 3)
                let entry = DatasetEntry(
                    id: try row.decode(atIndex: 0), digest: try row.digest(1), label: try row.decode(atIndex: 2),
                    attributes: attributes == "{}"
                        ? [:]
                        : try CanonicalJSON.decode(
                            [String: String].self, from: Data(attributes.utf8), source: "the journal"))
                try builder.add(entry)
                entries += 1
                if let label = entry.label { labels[label, default: 0] += 1 }
            }
            let header = VersionHeader(
                entries: entries, labels: labels,
                rejected: rejections.reduce(into: [:]) { $0[$1.code, default: 0] += 1 },
                root: try builder.finish()?.digest)
            try check(header, rejections)
            return (try batch.commit(header, rejections: rejections, at: now), entries, rejections.count)
        }
    }

    /// Forgets the ingestion, unless another run has gone on with it; stored bytes stay.
    func discard() async throws {
        try await store.write { batch in
            if try isCurrent(batch.database) { try Self.discard(key, batch.database) }
        }
    }

    /// Forgets the ingestion of a name, also one that a run is at: that ends with its next commit.
    static func discard(_ name: String, in store: DatasetStore) async throws {
        try await store.write { batch in
            let key = try Int64.fetchOne(
                batch.database, sql: "SELECT key FROM ingestion WHERE name = ?", arguments: [name])
            if let key { try discard(key, batch.database) }
        }
    }

    private static func discard(_ key: Int64, _ database: Database) throws {
        for table in ["accepted", "rejected"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE ingestion = ?", arguments: [key])
        }
        try database.execute(sql: "DELETE FROM ingestion WHERE key = ?", arguments: [key])
    }

    private static func lost(_ name: String) -> MLOpsError {
        MLOpsError(
            .unavailable, "Another run has gone on with the ingestion '\(name)', or it was discarded.",
            help: "Let it end, or stop it; then run this one again.")
    }
}
