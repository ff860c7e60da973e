import Foundation
import GRDB
import MLOpsCore
import MLOpsData
import Testing

@Suite("Erasing a subject") struct ErasureTests {
    private func record(_ i: Int, owner: String) -> RawRecord {
        RawRecord(
            id: "\(owner)/picture-\(i)", bytes: Data("the face of \(owner), number \(i)".utf8), label: "\(i % 2)",
            attributes: ["owner": owner, "camera": "\(i % 3)"])
    }

    /// Whether any file of the store, its database's free pages and log included, has the text.
    private func holds(_ text: String, _ folder: URL) throws -> [String] {
        let files = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
        return try files.filter { file in
            var isFolder: ObjCBool = false
            let path = folder.appending(path: file)
            guard FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder), !isFolder.boolValue else {
                return false
            }
            return try Data(contentsOf: path).range(of: Data(text.utf8)) != nil
        }
    }

    @Test("After an erasure no file of the store has the bytes, the names or the key, and they do not come back")
    func erases() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(
                at: folder, clock: .fixed(Date(timeIntervalSince1970: 5000)), maxPackBytes: 3000)
            let records = (0..<300).map { record($0, owner: $0 % 10 == 3 ? "alice" : "owner-\($0 % 10)") }
            func ingest(_ some: [RawRecord]) async throws -> IngestionReport {
                try await Ingestion("all", checks: []).run(from: InMemorySource(some), into: store)
            }
            let first = try await ingest(records).version
            let second = try await ingest(Array(records[0..<100])).version
            let third = try await ingest(records.filter { $0.attributes["owner"] != "alice" }).version
            try store.tag(first.digest, as: "park")
            #expect(try holds("the face of alice", folder).count > 1 && !holds("alice/picture", folder).isEmpty)

            let receipt = try await store.erase(.attribute("owner", value: "alice"), by: "Ada", reason: "request 12")
            #expect(receipt.content == (0..<300).filter { $0 % 10 == 3 }.map { Digest(of: records[$0].bytes) }.sorted())
            #expect(receipt.versions.map(\.version) == [first.digest, second.digest])
            #expect(receipt.versions.map(\.records) == [30, 10])
            #expect(receipt.versions[0].successor == third.digest)
            for text in ["alice", "request 1"] {
                // The receipt alone has the reason.
                #expect(try holds(text, folder) == (text == "alice" ? [] : ["store.sqlite"]), "\(text)")
            }
            #expect(try store.version(tagged: "park") == third)
            #expect(try Set(store.versions()) == [third.digest, receipt.versions[1].successor])
            let error = #expect(throws: MLOpsError.self) { try store.version(first.digest) }
            #expect(error?.code == .notFound && error?.help.contains(third.digest.hex) == true)
            #expect(try store.erasures().map(\.receipt) == [receipt] && store.erasures()[0].isPurged)
            #expect(try CanonicalJSON.decode(ErasureReceipt.self, from: CanonicalJSON.encode(receipt)) == receipt)

            await #expect(throws: MLOpsError.self) { try await store.store(records[3].bytes) }
            let again = try await ingest(records)
            #expect(again.version.entries == third.entries && again.version.rejected == ["erased": 30])
            #expect(
                try store.rejections(of: again.version.digest).map(\.offset) == Array(stride(from: 3, to: 300, by: 10)))
            #expect(try holds("the face of alice", folder).isEmpty)
            #expect(try await store.fsck().isClean)
            await #expect(throws: MLOpsError.self) {
                try await store.erase(.attribute("owner", value: "alice"), by: "Ada", reason: "again")
            }
        }
    }

    @Test("An erasure amid a broken reading of a stream leaves nothing of the subject, and right counts")
    func erasesAmidAStream() async throws {
        struct Stop: Error {}
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            var records = (0..<60).map { record($0, owner: $0 == 3 || $0 == 19 ? "alice" : "bob") }
            records[10] = RawRecord(id: "copy", bytes: records[3].bytes, label: "1")
            var ingestion = Ingestion("stream", checks: [], batchSize: 20)
            ingestion.longestWait = .seconds(3600)
            ingestion.hook = { if $0 == .batchCommitted(20) { throw Stop() } }
            let source = InMemorySource(records)
            await #expect(throws: Stop.self) { try await ingestion.ingest(from: source, into: store) }
            #expect(try !holds("alice/picture", folder).isEmpty)
            _ = try await store.erase(.attribute("owner", value: "alice"), by: "Ada", reason: "request 13")
            #expect(try holds("alice", folder) == [])

            ingestion.hook = { _ in }
            let summary = try await ingestion.ingest(from: source, into: store)
            // 20 had been read: 19 accepted, of which 2 were erased, and a copy of one of these rejected.
            #expect(summary.accepted == 57 && summary.accepted + summary.rejected == records.count, "\(summary)")
            #expect(try store.version(summary.digest).entries.count == 57)
            let log = try store.rejections(of: summary.digest)
            #expect(log.map(\.offset) == [3, 10, 19] && log.map(\.code) == ["erased", "erased", "erased"])
            #expect(log.map(\.id) == ["", "", ""] && log.allSatisfy { $0.reason == log[0].reason })
            #expect(try store.version(summary.digest).rejected == ["erased": 3])
            // As if all had come after the erasure.
            let whole = try await Ingestion("again", checks: []).ingest(from: source, into: store)
            #expect(whole.digest == summary.digest && whole.rejected == 3)
        }
    }

    @Test("A store of the schema before is opened, and a run that was begun there adds up after an erasure")
    func upgrades() async throws {
        struct Stop: Error {}
        try await withTemporaryFolder { folder in
            let records = (0..<60).map { record($0, owner: $0 == 3 || $0 == 19 ? "alice" : "bob") }
            var ingestion = Ingestion("stream", checks: [], batchSize: 20)
            ingestion.longestWait = .seconds(3600)
            ingestion.hook = { if $0 == .batchCommitted(20) { throw Stop() } }
            let source = InMemorySource(records)
            do {
                let store = try DatasetStore(at: folder)
                await #expect(throws: Stop.self) { try await ingestion.ingest(from: source, into: store) }
            }
            let database = try DatabaseQueue(path: folder.appending(path: "store.sqlite").path)
            try await database.write {
                try $0.execute(sql: "ALTER TABLE accepted DROP COLUMN offset; PRAGMA user_version = 2")
            }
            try database.close()
            let store = try DatasetStore(at: folder)
            _ = try await store.erase(.attribute("owner", value: "alice"), by: "Ada", reason: "request 13")
            ingestion.hook = { _ in }
            let summary = try await ingestion.ingest(from: source, into: store)
            #expect(summary.accepted == 58 && summary.rejected == 2)
            #expect(try store.rejections(of: summary.digest).map(\.offset) == [-2, -1])
            #expect(try await store.fsck().isClean)
        }
    }

    @Test("A reject log that names the subject goes, of a version that has no record of it too") func erasesLogs()
        async throws
    {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            var records = (0..<6).map { record($0, owner: $0 == 5 ? "alice" : "bob") }
            records[5].readFailure = "The picture was cut."
            let ingestion = Ingestion("all", checks: [])
            let first = try await ingestion.ingest(from: InMemorySource(records), into: store)
            records[5].readFailure = nil
            _ = try await ingestion.ingest(from: InMemorySource(records), into: store)
            _ = try await store.erase(.attribute("owner", value: "alice"), by: "Ada", reason: "request 13")
            #expect(try holds("alice", folder) == [])
            #expect(try store.versions().contains(first.digest) && store.rejections(of: first.digest).isEmpty)
        }
    }

    @Test("Files of a folder are erased by their ids, and refused when they are found again") func erasesFiles()
        async throws
    {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            for i in 0..<40 {
                let url = folder.appending(path: "\(i % 2)/face-\(i)")
                try DurableFile.makeFolder(url.deletingLastPathComponent())
                try Data("face number \(i)!".utf8).write(to: url)
            }
            try await Task.sleep(for: .milliseconds(150))
            let place = scratch.appending(path: "store")
            let store = try DatasetStore(at: place)
            func ingest() async throws -> IngestionSummary {
                try await Ingestion("f", checks: []).ingest(from: ImageFolderSource(at: folder), into: store)
            }
            let before = try await ingest()
            let receipt = try await store.erase(.records(["0/face-8", "1/face-9"]), by: "Ada", reason: "request 13")
            #expect(receipt.versions.map(\.version) == [before.digest])
            for text in ["face number 8!", "0/face-8", "1/face-9"] { #expect(try holds(text, place).isEmpty) }
            let after = try await ingest()
            #expect(after.accepted == 38 && after.rejected == 2 && after.read == 2)
            #expect(try store.rejections(of: after.digest).map(\.code) == ["erased", "erased"])
            #expect(try holds("face number 8!", place).isEmpty)
            #expect(try await ingest().read == 0)
        }
    }

    @Test("While a pack with the bytes is being written the erasure is pending, and ends with the next collection")
    func waitsForWriters() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let writer = try DatasetStore(at: folder)
            let report = try await Ingestion("all", checks: []).run(
                from: InMemorySource((0..<10).map { record($0, owner: "alice") }), into: writer)
            let error = await #expect(throws: MLOpsError.self) {
                try await store.erase(.attribute("owner", value: "alice"), by: "Ada", reason: "request 14")
            }
            #expect(error?.code == .unavailable)
            #expect(try await store.fsck().pendingErasures.count == 1 && !store.erasures()[0].isPurged)
            #expect(throws: MLOpsError.self) { try store.version(report.version.digest) }
            _ = try await writer.collectGarbage()
            #expect(try holds("alice", folder).isEmpty)
            #expect(try await store.fsck().isClean && store.erasures()[0].isPurged)
        }
    }
}
