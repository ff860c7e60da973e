internal import Foundation
internal import GRDB
public import MLOpsCore

extension DatasetStore {
    /// Reads and hashes every stored byte, walks every manifest, and says what is damaged and who needs it.
    ///
    /// - Parameters:
    ///   - copies: other stores, from which damaged bytes are restored where they have them. Second copies in packs of
    ///     this store, which a killed ingestion may have left, are used too.
    ///   - repair: whether to restore what can be; bytes that can't be make the scans of folders forget their files, so
    ///     that the next ingestion reads these again and stores them anew.
    /// - Throws: ``MLOpsError`` with `corruptData` when the database can't be read at all.
    public func fsck(
        repair: Bool = false, from copies: [DatasetStore] = [], progress: any ProgressSink = SilentProgress()
    ) async throws -> StoreFindings {
        var findings = StoreFindings()
        findings.database = try await reading { database in
            try Row.fetchAll(database, sql: "PRAGMA integrity_check(20)")
                .map { try $0.decode(String.self, atIndex: 0) }.filter { $0 != "ok" }
        }
        let located = try await reading { database in
            try Row.fetchAll(database, sql: "SELECT digest, pack, offset, count FROM object ORDER BY pack, offset").map
            {
                (
                    digest: try $0.digest(0),
                    location: PackLocation(
                        pack: try $0.decode(atIndex: 1), offset: try $0.decode(atIndex: 2),
                        count: try $0.decode(atIndex: 3))
                )
            }
        }
        var faults = try await hash(located, progress)
        if repair {
            for digest in faults.keys.sorted() {
                guard let bytes = try await copy(of: digest, in: copies, located.map(\.location)) else { continue }
                try await write { try $0.move(bytes, digest) }
                faults[digest] = nil
                findings.repaired.append(digest)
            }
        }
        findings.objects = located.count
        findings.bytes = located.reduce(0) { $0 &+ $1.location.count }
        // A damaged index may have a digest twice.
        let packs = Dictionary(located.map { ($0.digest, $0.location.pack) }) { first, _ in first }
        try await walk(faults, packs, &findings)
        let used = located.reduce(0) { $0 &+ $1.location.count &+ PackLocation.frameCount }
        findings.unusedBytes = max(0, try packSizes().reduce(0) { $0 + $1.size } &- used)
        findings.pendingErasures = try await reading { database in
            try Row.fetchAll(database, sql: "SELECT receipt FROM erasure WHERE purged = 0 ORDER BY receipt")
                .map { try $0.digest(0) }
        }
        if repair, !faults.isEmpty {
            let lost = Set(faults.keys)
            try await forgetScans(of: lost)
            try await write { batch in
                for digest in lost { try batch.forget(digest) }
                // Nodes of a manifest are in no scan; they come again when the version is made anew.
                try batch.database.execute(sql: "UPDATE scan SET version = NULL, folders = x'', run = run + 1")
            }
        }
        return findings
    }

    /// Hashes all objects on all cores; returns what is wrong with those that are not intact.
    private func hash(
        _ located: [(digest: Digest, location: PackLocation)], _ progress: any ProgressSink
    ) async throws -> [Digest: String] {
        var faults: [Digest: String] = [:]
        var done = 0
        try await withThrowingTaskGroup(of: (Int, [(Digest, String)]).self) { group in
            func take(_ result: (count: Int, faults: [(Digest, String)])?) {
                guard let result else { return }
                done += result.count
                for (digest, reason) in result.faults { faults[digest] = reason }
                progress.report(ProgressUpdate("Checking", completed: done, total: located.count))
            }
            for (i, start) in stride(from: 0, to: located.count, by: 128).enumerated() {
                if i >= 2 * ProcessInfo.processInfo.activeProcessorCount { take(try await group.next()) }
                let some = located[start..<min(start + 128, located.count)]
                group.addTask {
                    try Task.checkCancellation()
                    return (
                        some.count,
                        some.compactMap { item in fault(item.digest, item.location).map { (item.digest, $0) } }
                    )
                }
            }
            while let result = try await group.next() { take(result) }
        }
        return faults
    }

    /// What is wrong with an object; `nil` when it is intact.
    private func fault(_ digest: Digest, _ location: PackLocation) -> String? {
        if location.pack == 0 { return "The bytes are lost; an ingestion that finds them again stores them anew." }
        do { _ = try verified(digest, at: location) } catch let error as MLOpsError {
            // Garbage collection may have moved it meanwhile.
            let now = try? readingNow { try Self.location(of: digest, in: $0) }
            guard let now, now != location else { return now == nil ? nil : error.message }
            return fault(digest, now)
        } catch { return "\(error)" }
        let frame = PackLocation(
            pack: location.pack, offset: location.offset &- PackLocation.frameCount, count: PackLocation.frameCount)
        guard let bytes = try? reader.bytes(at: frame), let said = PackLocation.parse(frame: bytes),
            said.count == location.count, said.digest == digest
        else { return "The frame before the bytes is damaged." }
        return nil
    }

    /// Bytes with a digest from another store, or from a frame of this one's packs that is still whole.
    private func copy(
        of digest: Digest, in copies: [DatasetStore], _ known: [PackLocation]
    ) async throws -> Data? {
        // The bytes may be whole, and only the frame before them damaged.
        if let bytes = try? await load(digest) { return bytes }
        for store in copies { if let bytes = try? await store.load(digest) { return bytes } }
        for (pack, size) in try packSizes() {
            guard let file = try? OpenFile(PackLocation.url(of: pack, in: root.appending(path: "packs")).path) else {
                continue
            }
            // Frames that can't be read end a walk; the index knows where the next begin.
            let starts =
                [0] + known.filter { $0.pack == pack }.map { $0.offset &+ $0.count }.filter { 0...size ~= $0 }.sorted()
            var passed = 0
            for start in starts where start >= passed {
                var at = start
                while let (count, found) = PackLocation.parse(
                    frame: file.bytes(from: at, count: PackLocation.frameCount)),
                    count <= size - at - PackLocation.frameCount
                {
                    at += PackLocation.frameCount
                    if found == digest {
                        let bytes = file.bytes(from: at, count: count)
                        if Digest(of: bytes) == digest { return bytes }
                    }
                    at += count
                }
                passed = at
            }
        }
        return nil
    }

    /// Walks all manifests, to name who needs what is damaged or missing.
    private func walk(
        _ faults: [Digest: String], _ packs: [Digest: Int], _ findings: inout StoreFindings
    ) async throws {
        let versions = try await reading { database in
            try Row.fetchAll(database, sql: "SELECT digest FROM version ORDER BY sequence").map { try $0.digest(0) }
        }
        var damaged: [Digest: StoreFindings.Damage] = [:]
        for (digest, reason) in faults {
            damaged[digest] = .init(digest: digest, pack: packs[digest], reason: reason, records: [], neededBy: 0)
        }
        for version in versions {
            try Task.checkCancellation()
            let needs: [(digest: Digest, id: String)]
            do { needs = try readingNow { try lost(by: version, faults, packs, $0) } } catch let error as MLOpsError {
                // It may have been removed meanwhile.
                let stands = try await reading { database in
                    try Row.fetchOne(database, sql: "SELECT 1 FROM version WHERE digest = ?", arguments: [version.blob])
                        != nil
                }
                if stands { findings.faults.append(.init(digest: version, reason: error.message)) }
                continue
            }
            for need in needs {
                var damage =
                    damaged[need.digest]
                    ?? .init(
                        digest: need.digest, pack: nil, reason: "The index does not know these bytes.", records: [],
                        neededBy: 0)
                if damage.records.count < 20 { damage.records.append("\(version.short): \(need.id)") }
                damage.neededBy += 1
                damaged[need.digest] = damage
            }
        }
        findings.versions = versions.count
        findings.damaged = damaged.values.sorted { $0.digest < $1.digest }
    }

    /// The entries of a version whose bytes are damaged, or not in the index.
    private func lost(
        by version: Digest, _ faults: [Digest: String], _ packs: [Digest: Int], _ database: Database
    ) throws -> [(digest: Digest, id: String)] {
        var found: [(digest: Digest, id: String)] = []
        guard let (tree, count) = try header(of: version, in: database).tree else { return [] }
        try trees(in: database).forEachLeaf(tree, entries: count) { entries in
            for entry in entries where faults[entry.digest] != nil || packs[entry.digest] == nil {
                // What was taken in since the index was read is there.
                let isThere =
                    try packs[entry.digest] == nil && Self.location(of: entry.digest, in: database) != nil
                if !isThere { found.append((entry.digest, entry.id)) }
            }
        }
        return found
    }
}
