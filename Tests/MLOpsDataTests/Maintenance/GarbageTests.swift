import Foundation
import MLOpsCore
import MLOpsData
import Synchronization
import Testing

@Suite("Collecting garbage") struct GarbageTests {
    private func bytes(_ i: Int) -> Data { Data("bytes of record \(i)".utf8) }

    private func commit(_ range: Range<Int>, to store: DatasetStore) async throws -> DatasetVersion {
        var entries: [DatasetEntry] = []
        for i in range {
            entries.append(DatasetEntry(id: "\(i)", digest: try await store.store(bytes(i)), label: "x"))
        }
        let version = try DatasetVersion(entries: entries)
        try await store.commit(version)
        return version
    }

    private func packBytes(_ folder: URL) throws -> Int {
        let packs = folder.appending(path: "packs")
        return try FileManager.default.contentsOfDirectory(atPath: packs.path).reduce(0) { sum, name in
            try sum + Data(contentsOf: packs.appending(path: name)).count
        }
    }

    @Test("Exactly what no version reaches is deleted, and the packs shrink by it") func deletesExactlyGarbage()
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder, maxPackBytes: 4000)
            let (old, new) = (try await commit(0..<200, to: store), try await commit(100..<300, to: store))
            try store.tag(old.digest, as: "old")
            let loose = try await store.store(Data("named by nobody".utf8))
            #expect(try await store.collectGarbage().deleted.isEmpty)
            let location = try await store.load(new.entries[150].digest)
            try store.untag("old")
            try store.remove(old.digest)
            let plan = try await store.collectGarbage(dryRun: true, sparingLooseFor: .seconds(-10))
            #expect(try await store.contains(loose) && plan.isDryRun)
            let before = try packBytes(folder)
            let report = try await store.collectGarbage(sparingLooseFor: .seconds(-10))
            #expect(report.deleted == plan.deleted && report.reachedDigest == plan.reachedDigest)
            let expected = Set((0..<100).map { Digest(of: bytes($0)) }).union([loose, old.digest])
            #expect(expected.isSubset(of: report.deleted))
            // Beside records and headers there are the nodes of the old manifest.
            #expect(report.deleted.count <= expected.count + 6)
            #expect(before - (try packBytes(folder)) == report.bytesFreed)
            #expect(report.bytesFreed == report.deletedBytes + 44 * report.deleted.count)
            for digest in report.deleted { #expect(try await !store.contains(digest)) }
            try await store.verify(store.version(new.digest))
            #expect(try await store.load(new.entries[150].digest) == location)
            let findings = try await store.fsck()
            #expect(findings.isClean && findings.unusedBytes == 0)
            #expect(try await store.collectGarbage(sparingLooseFor: .seconds(-10)).deleted.isEmpty)
        }
    }

    @Test(
        "Beside an ingestion that runs, and one that was broken, nothing is lost, whatever packs a transaction fills",
        arguments: [1000, 64 << 20])
    func sparesIngestions(maxPackBytes: Int) async throws {
        try await withTemporaryFolder { folder in
            let records = (0..<300).map { RawRecord(id: "\($0)", bytes: bytes($0), label: "\($0 % 2)") }
            var ingestion = Ingestion("records", checks: [], batchSize: 20)
            // Batches end where the clock says too, so that the first one past a place is waited for.
            ingestion.hook = { if case .batchCommitted(200...) = $0 { throw CancellationError() } }
            let broken = ingestion
            let other = try DatasetStore(at: folder)
            let collector = Task {
                var collections = 0
                do {
                    while true {
                        let report = try await other.collectGarbage(sparingLooseFor: .seconds(-10))
                        #expect(report.deleted.isEmpty)
                        collections += 1
                    }
                } catch is CancellationError { return collections }
            }
            let store = try DatasetStore(at: folder, maxPackBytes: maxPackBytes)
            await #expect(throws: CancellationError.self) {
                try await broken.run(from: InMemorySource(records), into: store)
            }
            ingestion.hook = { _ in }
            let report = try await ingestion.run(
                from: InMemorySource(records), into: DatasetStore(at: folder, maxPackBytes: maxPackBytes))
            collector.cancel()
            #expect(try await collector.value > 0)
            #expect(report.resumedFrom.offset >= 200 && report.version.entries.count == 300)
            try await other.verify(report.version)
            #expect(try await other.fsck().isClean)
        }
    }

    @Test("Bytes that are stored again have their day of grace again") func renewsGrace() async throws {
        try await withTemporaryFolder { folder in
            let now = Mutex(Date(timeIntervalSince1970: 1e9))
            let store = try DatasetStore(at: folder, clock: WallClock { now.withLock { $0 } })
            let version = try await commit(0..<3, to: store)
            now.withLock { $0 += 2 * 86_400 }
            let digest = try await store.store(bytes(1))
            try store.remove(version.digest)
            #expect(try await store.collectGarbage().deleted.count > 1)
            #expect(try await store.contains(digest))
            try await store.commit(DatasetVersion(entries: [DatasetEntry(id: "1", digest: digest, label: "x")]))
        }
    }

    @Test("What a folder's scan remembers of a removed version is read again when its bytes are gone")
    func forgetsRemovedVersions() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            for i in 0..<40 {
                let url = folder.appending(path: "\(i % 2)/\(i)")
                try DurableFile.makeFolder(url.deletingLastPathComponent())
                try bytes(i).write(to: url)
            }
            try await Task.sleep(for: .milliseconds(150))
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            func ingest() async throws -> IngestionSummary {
                try await Ingestion("f", checks: []).ingest(from: ImageFolderSource(at: folder), into: store)
            }
            let first = try await ingest()
            try store.remove(first.digest)
            _ = try await store.collectGarbage(dryRun: true)
            let second = try await ingest()
            #expect(second.digest == first.digest && second.accepted == 40 && second.read == 0)
            try store.remove(first.digest)
            #expect(try await store.collectGarbage().reached == 0)
            let again = try await ingest()
            #expect(again.digest == first.digest && again.read == 40)
            try await store.verify(store.version(again.digest))
        }
    }

    @Test("A record with the bytes of a manifest's node takes nothing from the version that has the node")
    func recordsLikeNodes() async throws {
        try await withTemporaryFolder { folder in
            let other = try DatasetStore(at: folder.appending(path: "other"))
            struct Header: Decodable { let root: Digest }
            let header = try await other.load(commit(0..<20, to: other).digest)
            let root = try JSONDecoder().decode(Header.self, from: header).root
            let store = try DatasetStore(at: folder.appending(path: "store"))
            let node = try await store.store(other.load(root))
            let first = try DatasetVersion(entries: [DatasetEntry(id: "node", digest: node, label: "x")])
            try await store.commit(first)
            let second = try await commit(0..<20, to: store)
            #expect(try await store.collectGarbage(sparingLooseFor: .seconds(-10)).deleted.isEmpty)
            try await store.verify(second)
        }
    }

    @Test("A version that is committed again without a log keeps its log") func keepsTheLog() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let version = try await commit(0..<3, to: store)
            let log = [Rejection(offset: 3, id: "3", code: "empty", reason: "It has no bytes.")]
            try await store.commit(version, rejections: log)
            try await store.commit(version)
            #expect(try store.rejections(of: version.digest) == log)
        }
    }

    @Test("Nothing is deleted while a manifest can't be read")
    func refusesDamagedStores() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let version = try await commit(0..<200, to: store)
            let pack = folder.appending(path: "packs/000001.pack")
            var damaged = try Data(contentsOf: pack)
            let node = try #require(damaged.range(of: Data("MLM2".utf8)))
            damaged[node.upperBound + 20] ^= 1
            try damaged.write(to: pack)
            let error = await #expect(throws: MLOpsError.self) {
                try await DatasetStore(at: folder).collectGarbage()
            }
            #expect(error?.code == .digestMismatch)
            #expect(try store.versions() == [version.digest])
        }
    }
}
