internal import Foundation
internal import GRDB
internal import MLOpsCore

extension DatasetStore {
    /// Erases a subject's records for good: their bytes leave every pack, their names every manifest and scan, and the
    /// bytes are refused from then on.
    ///
    /// Every version that had such bytes, under whatever id, is replaced by one of what is left; tags move with it.
    /// First the index and the manifests change in one transaction, with tombstones and the receipt; then garbage
    /// collection rewrites the packs, and the database is written anew. Killed in between, the erasure is pending
    /// (``fsck(repair:from:progress:)`` says so) and ended by the next garbage collection. Copies of the store, and
    /// what the disk or its snapshots keep of deleted files, are out of its reach.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when no version has a record of the subject, or one of its ids, `unavailable` when a pack
    ///   that holds such bytes is being written: then the erasure stays pending.
    public func erase(_ subject: ErasureSubject, by person: String, reason: String) async throws -> ErasureReceipt {
        let now = clock.now()
        let receipt = try await write { batch in
            try enter(subject, by: person, reason: reason, at: now, batch)
        }
        let report = try await collectGarbage()
        guard report.packsLeft.isEmpty else {
            throw MLOpsError(
                .unavailable,
                "The packs \(report.packsLeft) are in use or damaged, and may still hold what was erased.",
                help: "When the ingestions under way are done, and after fsck --repair where a pack is damaged, run "
                    + "garbage collection: it ends the erasure \(try receipt.digest.short).")
        }
        return receipt
    }

    /// All erasures, by the digests of their receipts, and whether the bytes are out of the packs.
    public func erasures() throws -> [(receipt: ErasureReceipt, isPurged: Bool)] {
        try readingNow { database in
            try Row.fetchAll(database, sql: "SELECT body, purged FROM erasure ORDER BY receipt").map { row in
                let body = try row.decode(Data.self, atIndex: 0)
                return (
                    try CanonicalJSON.decode(ErasureReceipt.self, from: body, source: "the receipt"),
                    try row.decode(Int.self, atIndex: 1) == 1
                )
            }
        }
    }

    private func enter(
        _ subject: ErasureSubject, by person: String, reason: String, at time: Date, _ batch: StoreBatch
    ) throws -> ErasureReceipt {
        let database = batch.database
        let versions = try Row.fetchAll(database, sql: "SELECT digest FROM version ORDER BY sequence").map {
            try $0.digest(0)
        }
        var (content, found): (Set<Digest>, Set<String>) = ([], [])
        for version in versions {
            try forEachEntry(of: version, database) {
                guard subject.includes($0) else { return }
                content.insert($0.digest)
                found.insert($0.id)
            }
        }
        for entry in try journalEntries(of: subject, database) {
            content.insert(entry.digest)
            found.insert(entry.id)
        }
        guard !content.isEmpty else {
            throw MLOpsError(
                .notFound, "No version of \(root.path) has a record of the subject.",
                help: "Check the attribute's name and value, or the ids; they must match exactly.")
        }
        if case .records(let ids) = subject, let missing = ids.subtracting(found).min() {
            throw MLOpsError(
                .notFound,
                "No version of \(root.path) has the record '\(missing)'; nothing was erased.",
                help: "Check the ids, which must match exactly, and leave out those that were erased before.")
        }
        var touched: [ErasureReceipt.Touched] = []
        var names: Set<String> = if case .records(let ids) = subject { ids } else { [] }
        for version in versions {
            var edits: [ManifestTree.Edit] = []
            var lost: [String: Int] = [:]
            try forEachEntry(of: version, database) { entry in
                guard content.contains(entry.digest) || subject.includes(entry) else { return }
                edits.append(ManifestTree.Edit(id: entry.id))
                names.insert(entry.id)
                if let label = entry.label { lost[label, default: 0] += 1 }
            }
            if edits.isEmpty { continue }
            let successor = try replace(version, without: edits, labels: lost, at: time, batch)
            touched.append(.init(version: version, successor: successor, records: edits.count))
        }
        let receipt = ErasureReceipt(
            subject: try subject.digest, at: time, by: person, reason: reason, content: content.sorted(),
            versions: touched)
        let digest = try receipt.digest.blob
        try database.execute(
            sql: "INSERT INTO erasure (receipt, body, purged) VALUES (?, ?, 0)",
            arguments: [digest, try CanonicalJSON.encode(receipt)])
        for version in touched {
            try database.execute(
                sql: "INSERT OR REPLACE INTO retired (digest, successor, receipt) VALUES (?, ?, ?)",
                arguments: [version.version.blob, version.successor.blob, digest])
        }
        for erased in receipt.content {
            let key = erased.blob
            try database.execute(
                sql: "INSERT OR IGNORE INTO erased (digest, receipt) VALUES (?, ?)", arguments: [key, digest])
            try database.execute(sql: "DELETE FROM object WHERE digest = ?", arguments: [key])
        }
        try eraseFromJournals(content, named: names, database)
        try forgetScans(of: content, and: subject, database)
        try eraseLogs(naming: names, database)
        return receipt
    }

    private func forEachEntry(
        of version: Digest, _ database: Database, _ body: (DatasetEntry) throws -> Void
    ) throws {
        guard let (tree, count) = try header(of: version, in: database).tree else { return }
        try trees(in: database).forEachLeaf(tree, entries: count) { try $0.forEach(body) }
    }

    /// Puts a version without some entries in the place of one, on its tags and in their history.
    private func replace(
        _ version: Digest, without edits: [ManifestTree.Edit], labels lost: [String: Int], at time: Date,
        _ batch: StoreBatch
    ) throws -> Digest {
        let database = batch.database
        let old = try header(of: version, in: database)
        let root = try trees(in: database).update(old.root, entries: old.entries, edits: edits) {
            try batch.store(Data($0), $1)
        }
        var header = old
        header.root = root?.digest
        header.entries = old.entries - edits.count
        for (label, count) in lost {
            header.labels[label] = header.labels[label].flatMap { $0 > count ? $0 - count : nil }
        }
        // The log of rejected records may name the subject's.
        let successor = try batch.commit(header, rejections: [], at: time)
        try database.execute(sql: "UPDATE version SET rejections = NULL WHERE digest = ?", arguments: [successor.blob])
        for (tag, digest) in try Self.tags(in: database) where digest == version {
            try Self.move(tag: tag, to: successor, at: time, in: database)
        }
        try database.execute(sql: "DELETE FROM version WHERE digest = ?", arguments: [version.blob])
        return successor
    }

    /// Makes the scans of folders forget files with such bytes, so that these are read again.
    func forgetScans(of content: Set<Digest>) async throws {
        try await write { try forgetScans(of: content, $0.database) }
    }

    /// Takes away the reject logs that name erased records, of versions that never had them too.
    private func eraseLogs(naming names: Set<String>, _ database: Database) throws {
        let texts = QuotedNames(names.map { Array($0.utf8) })
        let rows = try Row.fetchAll(database, sql: "SELECT digest FROM version WHERE rejections IS NOT NULL")
        for digest in try rows.map({ try $0.digest(0) }) {
            // What can't be read may name them.
            let log = try? rejections(of: digest, in: database)
            let isClean = log?.allSatisfy { rejection in
                !names.contains(rejection.id) && !texts.occur(in: rejection.reason)
            }
            guard isClean != true else { continue }
            try database.execute(sql: "UPDATE version SET rejections = NULL WHERE digest = ?", arguments: [digest.blob])
        }
    }

    private func forgetScans(
        of content: Set<Digest>, and subject: ErasureSubject? = nil, _ database: Database
    ) throws {
        let parts = try Row.fetchAll(database, sql: "SELECT scan, is_new, first, body FROM scan_part")
        for row in parts {
            let records = try FileRecord.decode([UInt8](row.decode(Data.self, atIndex: 3)))
            let kept = records.filter {
                !content.contains($0.entry.digest) && subject?.includes($0.entry) != true
            }
            if kept.count == records.count { continue }
            let scan: Int64 = try row.decode(atIndex: 0)
            let key: StatementArguments = [
                scan, try row.decode(Int.self, atIndex: 1), try row.decode(String.self, atIndex: 2),
            ]
            try database.execute(
                sql: "DELETE FROM scan_part WHERE scan = ? AND is_new = ? AND first = ?", arguments: key)
            if let first = kept.first {
                try database.execute(
                    sql: "INSERT INTO scan_part (scan, is_new, first, body) VALUES (?, ?, ?, ?)",
                    arguments: [
                        scan, try row.decode(Int.self, atIndex: 1), first.entry.id, Data(FileRecord.encode(kept)),
                    ])
            }
            try database.execute(
                sql: "UPDATE scan SET version = NULL, folders = x'', run = run + 1 WHERE key = ?", arguments: [scan])
        }
    }

    /// Ends erasures whose bytes are out of all packs: writes the database anew, so that its free pages and its log
    /// hold nothing of them either.
    func settleErasures(packsLeft: Bool) async throws {
        let pending = try await reading { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM erasure WHERE purged = 0") ?? 0
        }
        guard pending > 0, !packsLeft else { return }
        do {
            try await database.vacuum()
            try await database.writeWithoutTransaction { database in
                _ = try database.checkpoint(.truncate)
                try database.execute(sql: "UPDATE erasure SET purged = 1 WHERE purged = 0")
            }
        } catch { throw MLOpsError.database(error, at: database.path) }
    }
}
