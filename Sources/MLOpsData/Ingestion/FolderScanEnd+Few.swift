internal import Foundation
internal import MLOpsCore

extension FolderScanEnd {
    /// Joins few changes to a version without rejections; reads only the digests of parts that they do not meet.
    ///
    /// - Parameter new: the new records, in order.
    /// - Returns: the header of the new version; `nil`, with nothing written, where a change may concern other files
    ///   because it was refused or has bytes that are there already.
    func joinFew(_ new: [FileRecord], to last: VersionHeader, _ batch: StoreBatch) throws -> VersionHeader? {
        let incoming = Set(new.map(\.entry.digest.key))
        guard last.rejected.isEmpty, new.allSatisfy(\.isStored), incoming.count == new.count,
            let met = try meet(new, incoming, batch)
        else { return nil }
        var header = last
        var edits: [ManifestTree.Edit] = []
        func count(_ entry: DatasetEntry?, _ step: Int) {
            guard let entry else { return }
            header.entries += step
            if let label = entry.label {
                let sum = header.labels[label, default: 0] + step
                header.labels[label] = sum > 0 ? sum : nil
            }
        }
        var gone = OrderedIDs(removed)
        var writer = FolderPartWriter(scan: scan.key, database: batch.database)
        for (i, part) in scan.parts.enumerated() {
            if met[i] == nil, writer.isBetweenParts {
                writer.keep(part)
                continue
            }
            let records = try scan.records(ofPart: part, batch.database)
            var old = FileRecordStream(parts: [], then: records) { _ in [] }
            var added = FileRecordStream(parts: [], then: met[i] ?? []) { _ in [] }
            while let pair = try FileRecordStream.next(&old, &added) {
                let isGone = pair.old.map { gone.take($0.entry.id) } ?? false
                let record = pair.new ?? (isGone ? nil : pair.old)
                if let record { try writer.add(record) }
                let (before, after) = (pair.old?.entry, record?.entry)
                guard before != after, let id = after?.id ?? before?.id else { continue }
                edits.append(ManifestTree.Edit(id: id, entry: after))
                count(before, -1)
                count(after, 1)
            }
        }
        try writer.finish()
        header.root = try scan.store.trees(in: batch.database).update(
            last.root, entries: last.entries, edits: edits
        ) { try batch.store(Data($0), $1) }?.digest
        return header
    }

    /// The new records by the parts that they or removed ones fall into; `nil` when a file that stays has the bytes of
    /// a new one.
    private func meet(
        _ new: [FileRecord], _ incoming: Set<Digest.Key>, _ batch: StoreBatch
    ) throws -> [Int: [FileRecord]]? {
        var met: [Int: [FileRecord]] = [:]
        var (rest, gone) = (new[...], removed[...])
        for (i, part) in scan.parts.enumerated() {
            let end = i + 1 < scan.parts.count ? scan.parts[i + 1] : nil
            func isBefore(_ id: String) -> Bool { end.map { id.utf8.lexicographicallyPrecedes($0.utf8) } ?? true }
            let own = rest.prefix { isBefore($0.entry.id) }
            let lost = gone.prefix(while: isBefore)
            (rest, gone) = (rest.dropFirst(own.count), gone.dropFirst(lost.count))
            let body = try scan.body(ofPart: part, batch.database)
            if own.isEmpty, lost.isEmpty {
                var isMet = false
                try FileRecord.digests(in: body) { isMet = isMet || incoming.contains($0) }
                if isMet { return nil }
                continue
            }
            let changed = Set((own.map(\.entry.id) + lost).map { Array($0.utf8) })
            for record in try FileRecord.decode(body)
            where incoming.contains(record.entry.digest.key) && !changed.contains(Array(record.entry.id.utf8)) {
                return nil
            }
            met[i] = Array(own)
        }
        return met
    }
}
