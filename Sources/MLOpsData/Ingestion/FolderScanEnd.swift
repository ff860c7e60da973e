internal import Foundation
internal import GRDB
internal import MLOpsCore

/// The end of a folder's ingestion: joins what is new with what was known, and commits the version, in one transaction.
struct FolderScanEnd: Sendable {
    var scan: FolderScan
    /// Checked records that are not committed yet, behind those that are.
    var rest: [CheckedRecord]
    /// The ids of files that are gone, in order.
    var removed: [String]
    var folders: FolderStamps?
    /// How many files there are.
    var files: Int
    /// Whether no file was read.
    var isUnchanged: Bool

    func commit(
        check: @escaping @Sendable (VersionHeader, [Rejection]) throws -> Void, before hook: @escaping IngestionHook
    ) async throws -> (digest: Digest, accepted: Int, rejected: Int) {
        if let done = try await standing(check) { return done }
        let now = scan.store.clock.now()
        try hook(.contentsRead)
        let made = try await scan.store.write { batch in
            try scan.lock(batch.database)
            let taken = try rest.map { try scan.take($0, batch) }
            let last = try lastVersion(batch.database)
            let isFew = try scan.newParts(batch.database).isEmpty
            let few = isFew ? try last.flatMap { try joinFew(taken, to: $0, batch) } : nil
            let (header, rejections): (VersionHeader, [Rejection])
            if let few {
                (header, rejections) = (few, [])
            } else {
                (header, rejections) = try join(taken, to: last, batch)
            }
            try check(header, rejections)
            let digest = try batch.commit(header, rejections: rejections, at: now)
            try batch.database.execute(
                sql: "UPDATE scan SET version = ?, folders = ? WHERE key = ?",
                arguments: [digest.blob, Data(folders?.encoded() ?? []), scan.key])
            return (digest, header.entries, rejections.count)
        }
        try hook(.versionCommitted)
        return made
    }

    /// The version that stands when nothing has changed.
    private func standing(
        _ check: @Sendable (VersionHeader, [Rejection]) throws -> Void
    ) async throws -> (digest: Digest, accepted: Int, rejected: Int)? {
        guard isUnchanged, removed.isEmpty, let version = scan.version else { return nil }
        let header = try await scan.store.reading { database in
            let isThere = try Row.fetchOne(
                database, sql: "SELECT 1 FROM version WHERE digest = ?", arguments: [version.blob])
            return isThere == nil ? nil : try scan.store.header(of: version, in: database)
        }
        guard let header else { return nil }
        try check(header, [])
        if scan.folders == nil, let folders {
            try await scan.store.write { batch in
                try scan.lock(batch.database)
                try batch.database.execute(
                    sql: "UPDATE scan SET folders = ? WHERE key = ?", arguments: [Data(folders.encoded()), scan.key])
            }
        }
        return (version, header.entries, header.rejected.values.reduce(0, &+))
    }

    /// Joins old and new records into the parts of the scan and the tree of the version.
    ///
    /// Of files with the same bytes the first is accepted, so a change to one may touch others. Where the last version
    /// stands, only what differs from it is written.
    private func join(
        _ taken: [FileRecord], to last: VersionHeader?, _ batch: StoreBatch
    ) throws -> (header: VersionHeader, rejections: [Rejection]) {
        let database = batch.database
        var old = FileRecordStream(parts: scan.parts) { try scan.records(ofPart: $0, database) }
        var new = FileRecordStream(parts: try scan.newParts(database), then: taken) {
            try scan.records(ofPart: $0, isNew: true, database)
        }
        var edits: [ManifestTree.Edit] = []
        var builder = ManifestBuilder { try batch.store(Data($0), $1) }
        var writer = FolderPartWriter(scan: scan.key, database: database)
        var (gone, repeats) = (OrderedIDs(removed), try repeats(taken, database))
        var header = VersionHeader(entries: 0, labels: [:], rejected: [:], root: nil)
        var rejections: [Rejection] = []
        var place = 0
        while let pair = try FileRecordStream.next(&old, &new) {
            let before = pair.old.flatMap { $0.outcome == .accepted ? $0.entry : nil }
            let isGone = pair.old.map { gone.take($0.entry.id) } ?? false
            guard pair.new != nil || !isGone, var record = pair.new ?? pair.old else {
                if let before { edits.append(ManifestTree.Edit(id: before.id)) }
                continue
            }
            if let rejection = judge(&record, at: place, &repeats) {
                rejections.append(rejection)
                header.rejected[rejection.code, default: 0] += 1
            } else {
                header.entries += 1
                if let label = record.entry.label { header.labels[label, default: 0] += 1 }
            }
            place += 1
            try writer.add(record)
            let after = record.outcome == .accepted ? record.entry : nil
            if last == nil {
                if let after { try builder.add(after) }
            } else if before != after {
                edits.append(ManifestTree.Edit(id: record.entry.id, entry: after))
            }
        }
        try writer.finish()
        if let last {
            header.root = try scan.store.trees(in: database).update(last.root, entries: last.entries, edits: edits) {
                try batch.store(Data($0), $1)
            }?.digest
        } else {
            header.root = try builder.finish()?.digest
        }
        return (header, rejections)
    }

    /// The header of the version that the old records made, if it still stands.
    private func lastVersion(_ database: Database) throws -> VersionHeader? {
        guard let version = scan.version else { return nil }
        let isThere = try Row.fetchOne(
            database, sql: "SELECT 1 FROM version WHERE digest = ?", arguments: [version.blob])
        return isThere == nil ? nil : try scan.store.header(of: version, in: database)
    }

    /// The digests that more than one record may have.
    private func repeats(_ taken: [FileRecord], _ database: Database) throws -> RepeatedDigests {
        var seen = RepeatedDigests.Survey(count: files)
        for part in scan.parts { try FileRecord.digests(in: scan.body(ofPart: part, database)) { seen.add($0) } }
        for part in try scan.newParts(database) {
            try FileRecord.digests(in: scan.body(ofPart: part, isNew: true, database)) { seen.add($0) }
        }
        for record in taken { seen.add(record.entry.digest.key) }
        return RepeatedDigests(seen)
    }

    /// Accepts a record, or says why not.
    private func judge(
        _ record: inout FileRecord, at place: Int, _ repeats: inout RepeatedDigests
    ) -> Rejection? {
        let entry = record.entry
        func rejection(_ code: String, _ reason: String) -> Rejection {
            Rejection(offset: place, id: entry.id, code: code, reason: reason)
        }
        if case .refused(let code, let reason) = record.outcome { return rejection(code, reason) }
        guard let first = repeats.first(entry) else {
            record.outcome = .accepted
            return nil
        }
        record.outcome = .repeated
        return .repeated(entry, of: first.id, labeled: first.label, at: place)
    }
}
