internal import Foundation
internal import GRDB
internal import MLOpsCore

extension DatasetStore {
    /// Deletes exactly the bytes that no version, tag or ingestion under way needs.
    ///
    /// Marks from the versions (tags are on versions) and from the journals of ingestions, and takes what was not
    /// reached out of the index, in one transaction; then writes the packs that hold garbage anew. It can run beside
    /// ingestions, which see the index before or after that transaction and whose open packs are locked; one killed at
    /// any instant leaves nothing that the next would not clear away.
    ///
    /// - Parameters:
    ///   - dryRun: whether to report only.
    ///   - age: how long bytes stay that were stored by ``store(_:)`` and are named by no version yet.
    /// - Throws: ``MLOpsError`` with `corruptData` when a manifest can't be read, or bytes that are needed are missing:
    ///   then nothing is deleted.
    public func collectGarbage(
        dryRun: Bool = false, sparingLooseFor age: Duration = .seconds(86_400)
    ) async throws -> GarbageReport {
        let cutoff = Int64(clock.now().timeIntervalSince1970 - age / .seconds(1))
        if !dryRun { try writer.finish() }
        var report = try await write { batch in try markAndSweep(batch, dryRun: dryRun, cutoff: cutoff) }
        if !dryRun {
            try await sweepPacks(&report)
            try await settleErasures(packsLeft: !report.packsLeft.isEmpty)
        }
        return report
    }

    private func markAndSweep(_ batch: StoreBatch, dryRun: Bool, cutoff: Int64) throws -> GarbageReport {
        let database = batch.database
        try database.execute(
            sql: """
                DROP TABLE IF EXISTS temp.marked;
                CREATE TEMP TABLE marked (digest BLOB PRIMARY KEY) WITHOUT ROWID;
                """)
        var marker = try Marker(store: self, database: database)
        let roots = try marker.mark()
        func count(_ sql: String, _ arguments: StatementArguments = []) throws -> (count: Int, bytes: Int) {
            guard let row = try Row.fetchOne(database, sql: sql, arguments: arguments) else { return (0, 0) }
            return (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
        }
        let marked = try count("SELECT count(*), 0 FROM temp.marked").count
        let sum = "SELECT count(*), ifnull(sum(count), 0) FROM object"
        let isMarked = "digest IN (SELECT digest FROM temp.marked)"
        let isGarbage = "NOT \(isMarked) AND (loose IS NULL OR loose < ?)"
        let (all, reached) = (try count(sum), try count("\(sum) WHERE \(isMarked)"))
        guard reached.count == marked else {
            throw MLOpsError(
                .corruptData, "\(marked - reached.count) objects that versions need are not in \(root.path).",
                help: "Run fsck, which names them; nothing was deleted.")
        }
        let garbage = try count("\(sum) WHERE \(isGarbage)", [cutoff])
        let spared = try count("\(sum) WHERE NOT \(isMarked) AND loose >= ?", [cutoff])
        let deleted = try Row.fetchAll(
            database, sql: "SELECT digest FROM object WHERE \(isGarbage) ORDER BY digest", arguments: [cutoff]
        ).map { try $0.digest(0) }
        guard all.count == reached.count + garbage.count + spared.count, deleted.count == garbage.count else {
            throw MLOpsError(
                .corruptData, "The objects of \(root.path) do not add up.", help: "Run fsck; nothing was deleted.")
        }
        var digester = Digester()
        let cursor = try Row.fetchCursor(database, sql: "SELECT digest FROM temp.marked ORDER BY digest")
        while let row = try cursor.next() { digester.update(try row.decode(Data.self, atIndex: 0)) }
        if !dryRun {
            try database.execute(sql: "DELETE FROM object WHERE \(isGarbage)", arguments: [cutoff])
            try forgetRemoved(database)
            guard try count(sum).count == reached.count + spared.count else {
                throw MLOpsError(
                    .corruptData, "More than garbage would be deleted from \(root.path).",
                    help: "Run fsck; nothing was deleted.")
            }
        }
        try database.execute(sql: "DROP TABLE temp.marked")
        return GarbageReport(
            isDryRun: dryRun, roots: roots, reached: reached.count, reachedBytes: reached.bytes,
            reachedDigest: digester.finalize(), spared: spared.count, deleted: deleted, deletedBytes: garbage.bytes)
    }

    /// Forgets what is known of folders whose version was removed: their bytes may be gone.
    private func forgetRemoved(_ database: Database) throws {
        let isRemoved = "version IS NOT NULL AND version NOT IN (SELECT digest FROM version)"
        let isAtRest = "NOT EXISTS (SELECT 1 FROM scan_part WHERE scan = scan.key AND is_new = 1)"
        let keys = try Int64.fetchAll(database, sql: "SELECT key FROM scan WHERE \(isRemoved) AND \(isAtRest)")
        for key in keys {
            try database.execute(sql: "DELETE FROM scan_part WHERE scan = ?", arguments: [key])
            try database.execute(
                sql: "UPDATE scan SET version = NULL, folders = x'', run = run + 1 WHERE key = ?", arguments: [key])
        }
    }

    /// Deletes and rewrites the packs that hold more than the index names.
    private func sweepPacks(_ report: inout GarbageReport) async throws {
        let folder = root.appending(path: "packs")
        var gone: [Int] = []
        defer { reader.forget(gone) }
        for (number, size) in try packSizes() {
            let known = try await reading { try Self.liveBytes(of: number, in: $0) }
            if known == size { continue }
            // Whoever wrote it may have let go of it before the transaction that filled it is committed; another
            // transaction waits for that.
            guard let pack = PackFile.lock(number, in: folder) else {
                report.packsLeft.append(number)
                continue
            }
            let live = try await write { try Self.liveBytes(of: number, in: $0.database) }
            let now = (try? Self.size(of: number, in: folder)) ?? size
            if live == now { continue }
            do { if live > 0 { try await moveObjects(outOf: number) } } catch let error as MLOpsError
                where [.corruptData, .digestMismatch, .notFound].contains(error.code)
            {
                report.packsLeft.append(number)
                continue
            }
            try pack.delete(in: folder)
            gone.append(number)
            report.bytesFreed += now &- live
            if live > 0 { report.packsRewritten += 1 } else { report.packsDeleted += 1 }
        }
        try writer.finish()
    }

    /// Copies what the index names in a pack to a new one.
    private func moveObjects(outOf pack: Int) async throws {
        try await write { batch in
            let rows = try Row.fetchAll(
                batch.database, sql: "SELECT digest, offset, count FROM object WHERE pack = ? ORDER BY offset",
                arguments: [pack])
            for row in rows {
                let digest = try row.digest(0)
                let location = PackLocation(
                    pack: pack, offset: try row.decode(atIndex: 1), count: try row.decode(atIndex: 2))
                try batch.move(verified(digest, at: location), digest)
            }
        }
    }

    /// The packs of the folder with their sizes, by number.
    func packSizes() throws -> [(number: Int, size: Int)] {
        let folder = root.appending(path: "packs")
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path) } catch {
            throw MLOpsError(
                .storage, "Can't list \(folder.path).", help: "Check the folder and your rights.", cause: error)
        }
        return names.compactMap(PackLocation.pack(named:)).sorted().compactMap { number in
            (try? Self.size(of: number, in: folder)).map { (number, $0) }
        }
    }

    private static func size(of pack: Int, in folder: URL) throws -> Int {
        try OpenFile(PackLocation.url(of: pack, in: folder).path).count ?? 0
    }

    /// The bytes of a pack that the index accounts for, frames included.
    private static func liveBytes(of pack: Int, in database: Database) throws -> Int {
        let row = try Row.fetchOne(
            database, sql: "SELECT count(*), ifnull(sum(count), 0) FROM object WHERE pack = ?", arguments: [pack])
        guard let row else { return 0 }
        return try row.decode(Int.self, atIndex: 0) &* PackLocation.frameCount &+ row.decode(Int.self, atIndex: 1)
    }
}
