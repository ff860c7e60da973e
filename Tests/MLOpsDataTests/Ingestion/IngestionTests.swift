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

    /// Frames that come one after the other and not again; told before each is given.
    private struct Camera: DataSource {
        let count: Int
        let before: @Sendable (Int) async throws -> Void
        var isRepeatable: Bool { false }

        func records(
            from position: SourcePosition
        ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
            AsyncThrowingStream { continuation in
                let task = Task {
                    do {
                        for i in position.offset..<count {
                            try await before(i)
                            let record = RawRecord(
                                id: "frame-\(i)-\(UUID())", bytes: Data("frame \(i)".utf8), label: "\(i % 2)")
                            continuation.yield(SourcedRecord(record, next: SourcePosition(offset: i + 1)))
                        }
                        continuation.finish()
                    } catch { continuation.finish(throwing: error) }
                }
                continuation.onTermination = { _ in task.cancel() }
            }
        }
    }

    @Test("A camera's run that broke off is gone on with, and can be ended as a version") func resumesCamera()
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let committed = Mutex(0)
            var ingestion = Ingestion("camera", checks: [], batchSize: 512)
            ingestion.longestWait = .milliseconds(5)
            ingestion.hook = { step in
                if case .batchCommitted(let offset) = step { committed.withLock { $0 = offset } }
            }
            // Slow frames are committed long before their batch is full.
            let camera = Camera(count: 1000) { i in
                try await Task.sleep(for: .milliseconds(10))
                if i == 30 { throw Broken() }
            }
            await #expect(throws: Broken.self) { try await ingestion.ingest(from: camera, into: store) }
            // What came before it broke off is kept, since it does not come again.
            #expect(committed.withLock { $0 } == 30)
            await #expect(throws: Broken.self) {
                try await ingestion.ingest(from: Camera(count: 1000) { if $0 == 200 { throw Broken() } }, into: store)
            }
            let ended = try await ingestion.finish(in: store)
            #expect(ended.accepted == 200 && ended.resumedFrom.offset == 200)
            #expect(try store.version(ended.digest).entries.count == ended.accepted)
            // There is nothing to end any more.
            await #expect(throws: MLOpsError.self) { try await ingestion.finish(in: store) }
        }
    }

    @Test("A run whose ingestion was forgotten meanwhile takes nothing into that of another name")
    func keepsIngestionsApart() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let others = (0..<40).map { RawRecord(id: "o-\($0)", bytes: Data("other \($0)".utf8), label: "\($0 % 2)") }
            let committed = Mutex(0)
            var first = Ingestion("first", checks: [])
            first.longestWait = .zero
            first.hook = { if case .batchCommitted(let offset) = $0 { committed.withLock { $0 = offset } } }
            let camera = Camera(count: 40) { [first] i in
                guard i == 16 else { return }
                while committed.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
                try await Task.sleep(for: .milliseconds(50))
                try await first.discard(in: store)
                // The other has come as far as the first had.
                let place = committed.withLock { $0 }
                var other = Ingestion("other", checks: [], batchSize: place)
                other.longestWait = .seconds(3600)
                other.hook = { if $0 == .batchCommitted(place) { throw Broken() } }
                _ = try? await other.ingest(from: InMemorySource(others), into: store)
            }
            let error = await #expect(throws: MLOpsError.self) { try await first.ingest(from: camera, into: store) }
            #expect(error?.code == .unavailable)
            let summary = try await Ingestion("other", checks: []).ingest(from: InMemorySource(others), into: store)
            #expect(summary.resumedFrom.offset == committed.withLock { $0 } && summary.accepted == 40)
            #expect(try store.version(summary.digest).entries.allSatisfy { $0.id.hasPrefix("o-") })
        }
    }

    @Test("Behind one slow record the rest does not pile up") func isBounded() async throws {
        try await withTemporaryFolder { folder in
            let given = Mutex(0)
            let atRelease = Mutex(0)
            let slow = RecordCheck("slow") { record in
                guard record.id.hasPrefix("frame-0-") else { return }
                Thread.sleep(forTimeInterval: 0.4)
                let count = given.withLock { $0 }
                atRelease.withLock { $0 = count }
            }
            let source = InMemorySource(
                (0..<6000).map { RawRecord(id: "frame-\($0)-", bytes: Data("\($0)".utf8), label: "\($0 % 2)") }
            ).filtered { _ in
                given.withLock { $0 += 1 }
                return true
            }
            let report = try await Ingestion("test", checks: [slow]).ingest(
                from: source, into: DatasetStore(at: folder))
            #expect(report.accepted == 6000)
            // 512 in flight, and the job that is being gathered.
            #expect(atRelease.withLock { 1...600 ~= $0 })
        }
    }

    @Test("An id or a label with a NUL, at which a database would end it, is refused") func refusesNUL() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let texts = [("a", "cat"), ("b", "cat\0dog"), ("c\0d", "cat"), ("e", "dog")]
            let records = texts.map { RawRecord(id: $0, bytes: Data($0.utf8), label: $1) }
            let summary = try await Ingestion("test", checks: []).ingest(from: InMemorySource(records), into: store)
            #expect(summary.accepted == 2 && summary.rejected == 2)
            #expect(try store.rejections(of: summary.digest).allSatisfy { $0.reason.contains("NUL") })
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
