import Foundation
import MLOpsCore
import MLOpsData
import Synchronization
import Testing

@Suite("Taking records in") struct IngestionTests {
    /// 60 records: two classes, with duplicates, a conflict, damage, an empty file and a missing label among them.
    private func records() throws -> [RawRecord] {
        var records = try (0..<60).map { i in
            RawRecord(
                id: "picture-\(i)", bytes: try Fixture.painted(width: 24, height: 16, seed: i).jpeg(),
                label: i % 2 == 0 ? "cat" : "dog", attributes: ["camera": "\(i % 3)"])
        }
        records[7].bytes = records[3].bytes
        records[8].bytes = records[3].bytes
        records[20].bytes = records[20].bytes.dropLast(40)
        records[21].bytes = Data()
        records[22].label = nil
        records[23].readFailure = "The disk has a scratch."
        records[50].id = records[49].id
        return records
    }

    private func run(
        _ records: [RawRecord], into store: DatasetStore, batchSize: Int = 7, hook: @escaping IngestionHook = { _ in }
    ) async throws -> IngestionReport {
        var ingestion = Ingestion("test", batchSize: batchSize)
        ingestion.hook = hook
        // On a busy machine the clock would cut batches short, and the steps would differ from run to run.
        ingestion.longestWait = .seconds(3600)
        return try await ingestion.run(from: InMemorySource(records), into: store)
    }

    @Test("What comes in is accepted or rejected with a reason, and nothing is lost") func accountsForAll() async throws
    {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let records = try records()
            let report = try await run(records, into: store)
            #expect(report.accepted + report.rejected == records.count)
            #expect(report.accepted == report.version.entries.count)
            let rejections = try store.rejections(of: report.version.digest)
            #expect(rejections.map(\.offset) == [7, 8, 20, 21, 22, 23, 50])
            #expect(
                rejections.map(\.code) == [
                    "duplicate", "conflictingLabel", "corruptData", "empty", "invalidArgument", "unreadable",
                    "duplicateID",
                ])
            #expect(report.version.rejected.values.reduce(0, +) == report.rejected)
            #expect(report.version.labels == ["cat", "dog"])
            for entry in report.version.entries {
                let record = try #require(records.first { $0.id == entry.id })
                #expect(try await store.bytes(of: entry) == record.bytes)
                #expect(entry.label == record.label && entry.attributes == record.attributes)
            }
            #expect(try store.version(report.version.digest) == report.version)
        }
    }

    @Test("The SHA-256 of the stored header is the version's identity") func headerIsIdentity() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let version = try await run(records(), into: store).version
            let header = try await store.load(version.digest)
            #expect(Digest(of: header) == version.digest)
            #expect(String(decoding: header, as: UTF8.self).hasPrefix(#"{"entries":53,"format":"mlops-dataset-2","#))
            #expect(try DatasetVersion(entries: version.entries.reversed(), rejected: version.rejected) == version)
        }
    }

    @Test("Batch size and the order of the source do not change the version") func isIndependentOfBatches() async throws
    {
        let good = try records().filter { !["7", "8"].contains($0.id.split(separator: "-").last ?? "") }
        var digests: Set<Digest> = []
        for (batchSize, records) in [(1, good), (7, good), (1000, Array(good.reversed()))] {
            try await withTemporaryFolder { folder in
                digests.insert(
                    try await run(records, into: DatasetStore(at: folder), batchSize: batchSize).version.digest)
            }
        }
        // In reverse, of the two records with the same id the other one is kept.
        #expect(digests.count == 2)
    }

    @Test("Records that have waited are committed before their batch is full") func commitsInTime() async throws {
        try await withTemporaryFolder { folder in
            let offsets = Mutex<[Int]>([])
            var ingestion = Ingestion("test", batchSize: 1000)
            ingestion.longestWait = .zero
            ingestion.hook = { if case .batchCommitted(let offset) = $0 { offsets.withLock { $0.append(offset) } } }
            _ = try await ingestion.run(from: InMemorySource(try records()), into: DatasetStore(at: folder))
            #expect(offsets.withLock { $0.count } > 1)
        }
    }

    private struct Broken: Error {}

    @Test("A run broken at any step is gone on with, and gives the same version") func resumes() async throws {
        let records = try records()
        let steps = Mutex<[IngestionStep]>([])
        let whole = try await withTemporaryFolder { folder in
            try await run(records, into: DatasetStore(at: folder)) { step in steps.withLock { $0.append(step) } }
        }
        let all = steps.withLock { $0 }
        #expect(all.count >= 2 * 60 / 9 + 2)
        for step in all {
            try await withTemporaryFolder { folder in
                await #expect(throws: Broken.self) {
                    try await run(records, into: DatasetStore(at: folder)) { if $0 == step { throw Broken() } }
                }
                let store = try DatasetStore(at: folder)
                let resumed = try await run(records, into: store)
                #expect(resumed.version == whole.version, "broken at \(step)")
                #expect(resumed.accepted == whole.accepted && resumed.rejected == whole.rejected)
                try await store.verify(resumed.version)
                switch step {
                case .bytesAppended: break
                case .batchCommitted(let offset): #expect(resumed.resumedFrom.offset == offset)
                case .contentsRead, .versionCommitted: #expect(resumed.resumedFrom.offset == records.count)
                }
            }
        }
    }

    @Test("A run broken at every batch once still ends with the same version") func resumesAgainAndAgain() async throws
    {
        let records = try records()
        let whole = try await withTemporaryFolder { try await run(records, into: DatasetStore(at: $0)) }
        try await withTemporaryFolder { folder in
            var report: IngestionReport?
            var runs = 0
            while report == nil, runs < 100 {
                runs += 1
                report = try? await run(records, into: DatasetStore(at: folder)) { step in
                    if case .batchCommitted = step { throw Broken() }
                }
            }
            #expect(runs > 5)
            #expect(report?.version == whole.version)
        }
    }

    @Test("A source that has changed since a broken run is noticed") func noticesChangedSource() async throws {
        let records = try records()
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            _ = try? await run(records, into: store) { if case .batchCommitted = $0 { throw Broken() } }
            for changed in [Array(records.dropFirst()), []] {
                let error = await #expect(throws: MLOpsError.self) { try await run(changed, into: store) }
                #expect(error?.code == .invalidArgument)
            }
            try await Ingestion("test").discard(in: store)
            #expect(try await run(Array(records.dropFirst()), into: store).resumedFrom == .start)
        }
    }

    @Test("No record, none accepted, or one class alone are refused, and the next run begins anew")
    func refusesTooLittle() async throws {
        let records = try records()
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            for some in [[], [records[21]], records.filter { $0.label == "cat" }] {
                let error = await #expect(throws: MLOpsError.self) { try await run(some, into: store) }
                #expect(error?.code == .insufficientData)
            }
            #expect(try await run(records, into: store).resumedFrom == .start)
        }
    }

    @Test("Custom checks reject by their error") func runsCustomChecks() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let ingestion = Ingestion(
                "custom",
                checks: [.label(in: ["cat"]), RecordCheck("even") { if $0.bytes.count % 2 == 1 { throw Broken() } }],
                minimumClasses: 1)
            let records = (0..<10).map {
                RawRecord(id: "\($0)", bytes: Data(repeating: UInt8($0), count: $0 + 1), label: $0 < 8 ? "cat" : "cow")
            }
            let report = try await ingestion.run(from: InMemorySource(records), into: store)
            #expect(report.version.rejected == ["invalidArgument": 2, "even": 4])
        }
    }

    @Test("Cancelling ends a run, which can be gone on with") func cancels() async throws {
        let records = try records()
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let task = Task {
                try await run(records, into: store) { step in
                    if case .batchCommitted(14) = step { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await run(records, into: store).resumedFrom.offset >= 14)
        }
    }
}
