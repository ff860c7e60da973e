import Foundation
import MLOpsCore
import MLOpsData
import Synchronization
import Testing

@Suite("Taking in folders") struct FolderIngestionTests {
    /// A folder of small files, two classes, with a hidden one, an empty one and two with the same bytes.
    private func fill(_ folder: URL, count: Int = 400) throws {
        for i in 0..<count {
            try write("\(i)", to: folder.appending(path: "\(i % 2 == 0 ? "cat" : "dog")/sub-\(i % 5)/\(i).txt"))
        }
        try write("", to: folder.appending(path: "cat/empty.txt"))
        try write("4", to: folder.appending(path: "cat/zz.txt"))
        try write("4", to: folder.appending(path: "dog/zz.txt"))
        try write("hidden", to: folder.appending(path: "dog/.hidden"))
        // Nothing is to be as young as its reading.
        try age(folder)
    }

    private func write(_ text: String, to url: URL) throws {
        try DurableFile.makeFolder(url.deletingLastPathComponent())
        try Data(text.utf8).write(to: url)
    }

    /// Waits until a change to the files just written must show in their times.
    private func age(_ folder: URL) throws { Thread.sleep(forTimeInterval: 0.15) }

    private func ingest(
        _ folder: URL, into store: DatasetStore, checks: [RecordCheck] = [.labeled], rereads: Bool = false,
        hook: @escaping IngestionHook = { _ in }
    ) async throws -> IngestionSummary {
        var ingestion = Ingestion("folder", checks: checks, minimumClasses: 1, batchSize: 64)
        ingestion.rereads = rereads
        ingestion.hook = hook
        ingestion.longestWait = .seconds(3600)
        return try await ingestion.ingest(from: ImageFolderSource(at: folder), into: store)
    }

    /// The version that a store gives that has never seen the folder, by reading it as a stream.
    private func fresh(_ folder: URL, _ scratch: URL) async throws -> (Digest, [Rejection]) {
        let store = try DatasetStore(at: scratch.appending(path: UUID().uuidString))
        let source = ImageFolderSource(at: folder).filtered { _ in true }
        let summary = try await Ingestion("fresh", checks: [.labeled]).ingest(from: source, into: store)
        return (summary.digest, try store.rejections(of: summary.digest))
    }

    @Test("A folder gives the same version by its stamps as read as a stream, after any change")
    func agreesWithStream() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            try fill(folder)
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            func agree(read: ClosedRange<Int>, _ what: String) async throws {
                let summary = try await ingest(folder, into: store)
                let (digest, rejections) = try await fresh(folder, scratch)
                #expect(summary.digest == digest, "\(what)")
                #expect(read ~= summary.read, "\(summary.read) read: \(what)")
                #expect(try store.rejections(of: digest) == rejections, "\(what)")
                let version = try store.version(digest)
                #expect(version.entries.count == summary.accepted && rejections.count == summary.rejected)
                try await store.verify(version)
                try age(folder)
            }
            try await agree(read: 403...403, "at first")
            try await agree(read: 0...0, "unchanged")
            try write("changed", to: folder.appending(path: "cat/sub-0/0.txt"))
            try await agree(read: 1...1, "one file changed")
            try await agree(read: 0...1, "it may have been too young to be trusted")
            try await agree(read: 0...0, "it has come of age")
            try write("new", to: folder.appending(path: "cow/1.txt"))
            try await agree(read: 1...1, "a file came, in a folder of its own")
            try FileManager.default.removeItem(at: folder.appending(path: "cat/sub-4/4.txt"))
            try await agree(
                read: 0...1, "the first of three with the same bytes went, and the young file may be read again")
            try FileManager.default.moveItem(
                at: folder.appending(path: "dog/sub-3"), to: folder.appending(path: "dog/sub-9"))
            try await agree(read: 40...40, "a folder was renamed")
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "dog/link.txt"),
                withDestinationURL: folder.appending(path: "dog/sub-1/1.txt"))
            try await agree(read: 1...1, "a link came")
            try await agree(read: 1...1, "links are always read")
        }
    }

    @Test("Paths of any length, alike for any length, come back as they are") func keepsLongPaths() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            // Some share more bytes than fit a byte's seven bits, some none.
            let stems = ["", "é", String(repeating: "a", count: 126), String(repeating: "b", count: 200)]
            let paths = (0..<480).map { i in
                "class-\(i % 2)/\(String(repeating: "s", count: 90 + i % 40))/\(stems[i % 4])\(i)-\(i % 7).txt"
            }
            for path in paths { try write(path, to: folder.appending(path: path)) }
            try age(folder)
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            for read in [480, 0] {
                let summary = try await ingest(folder, into: store)
                #expect(summary.read == read)
                let ids = try store.version(summary.digest).entries.map(\.id)
                #expect(ids == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            }
            try write("new", to: folder.appending(path: "class-0/" + String(repeating: "s", count: 240) + "/n"))
            #expect(try await ingest(folder, into: store).read == 1)
        }
    }

    @Test("Whatever changes in a folder without rejects, its version is that of a fresh reading", arguments: [1, 2])
    func agreesAfterRandomChanges(seed: Int) async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            var generator = SeededGenerator(seed: UInt64(seed))
            var paths = (0..<700).map { "class-\($0 % 2)/\($0 % 9)/\($0)" }
            for path in paths { try write("at first " + path, to: folder.appending(path: path)) }
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            for round in 0..<12 {
                let summary = try await ingest(folder, into: store)
                #expect(try await summary.digest == fresh(folder, scratch).0, "round \(round)")
                for change in 0..<Int.random(in: 0...8, using: &generator) {
                    let i = Int.random(in: paths.indices, using: &generator)
                    let j = Int.random(in: paths.indices, using: &generator)
                    let (a, b) = (folder.appending(path: paths[i]), folder.appending(path: paths[j]))
                    switch Int.random(in: 0..<(round < 9 ? 6 : 7), using: &generator) {
                    case 0, 1: try write("round \(round), \(change)", to: a)
                    case 2:
                        paths.append("class-\(change % 3)/new/\(round)-\(change)")
                        try write("new in \(round), \(change)", to: folder.appending(path: paths[paths.count - 1]))
                    case 3:
                        try FileManager.default.removeItem(at: a)
                        paths.remove(at: i)
                    case 4:
                        let (x, y) = (try Data(contentsOf: a), try Data(contentsOf: b))
                        try y.write(to: a)
                        try x.write(to: b)
                    case 5: try Data(contentsOf: a).write(to: a)
                    default: try Data(contentsOf: a).write(to: b)
                    }
                }
            }
        }
    }

    @Test("A file of the same size and time with other bytes is noticed by its inode's time")
    func noticesSetTimes() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            try fill(folder, count: 20)
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            let before = try await ingest(folder, into: store)
            let file = folder.appending(path: "cat/sub-2/12.txt")
            let date = try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
            let handle = try FileHandle(forWritingTo: file)
            try handle.write(contentsOf: Data("xy".utf8))
            try handle.close()
            try FileManager.default.setAttributes([.modificationDate: try #require(date)], ofItemAtPath: file.path)
            let after = try await ingest(folder, into: store)
            #expect(after.read == 1 && after.digest != before.digest)
        }
    }

    @Test("Written again and again while it is taken in, a file is never remembered with bytes it no longer has")
    func isNotRacy() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            try fill(folder, count: 20)
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            let file = folder.appending(path: "cat/sub-0/0.txt")
            for round in 0..<20 {
                try Data("\(round % 10)x".utf8).write(to: file)
                _ = try await ingest(folder, into: store)
                // Within the same tick of the clock, as far as this machine can.
                try Data("\(round % 10)y".utf8).write(to: file)
                let summary = try await ingest(folder, into: store)
                let entry = try store.version(summary.digest).entries.first { $0.id == "cat/sub-0/0.txt" }
                #expect(entry?.digest == Digest(of: Data("\(round % 10)y".utf8)))
            }
        }
    }

    @Test("Other checks, or one without a version, have all files read") func rereadsForOtherChecks() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            try fill(folder, count: 20)
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            #expect(try await ingest(folder, into: store).read == 23)
            #expect(try await ingest(folder, into: store, rereads: true).read == 23)
            #expect(try await ingest(folder, into: store).read == 0)
            let known = try await ingest(folder, into: store, checks: [.label(in: ["cat"])])
            #expect(known.read == 23)
            // Ten dogs, one empty file, and two with the bytes of a file before them.
            #expect(known.rejected == 13)
            let custom = [RecordCheck("short") { if $0.bytes.count > 1 { throw Broken() } }]
            #expect(try await ingest(folder, into: store, checks: custom).read == 23)
            #expect(try await ingest(folder, into: store, checks: custom).read == 23)
        }
    }

    private struct Broken: Error {}

    @Test("Of two names that differ in composition alone, the deletion of one leaves the other") func compositions()
        async throws
    {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            // The composed letter is the second by bytes, and so the one that is refused.
            let (decomposed, composed) = ("cat/cafe\u{301}.txt", "cat/caf\u{E9}.txt")
            try write("1", to: folder.appending(path: "dog/a.txt"))
            try write("2", to: URL(fileURLWithPath: folder.path + "/" + decomposed))
            try write("3", to: URL(fileURLWithPath: folder.path + "/" + composed))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/cat")
            // Some file systems have one place for both.
            guard names.count == 2 else { return }
            try age(folder)
            let store = try DatasetStore(at: scratch.appending(path: "store"))
            let first = try await ingest(folder, into: store)
            #expect(first.accepted == 2 && first.rejected == 1)
            try FileManager.default.removeItem(atPath: folder.path + "/" + composed)
            try age(folder)
            let second = try await ingest(folder, into: store)
            #expect(second.accepted == 2 && second.rejected == 0)
            #expect(try second.digest == (await fresh(folder, scratch)).0)
        }
    }

    @Test("A run broken at any step is gone on with, and gives the same version") func resumes() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            try fill(folder)
            let steps = Mutex<[IngestionStep]>([])
            let whole = try await ingest(folder, into: DatasetStore(at: scratch.appending(path: "whole"))) { step in
                steps.withLock { $0.append(step) }
            }
            for (i, step) in steps.withLock({ $0 }).enumerated() {
                let place = scratch.appending(path: "store-\(i)")
                await #expect(throws: Broken.self) {
                    try await ingest(folder, into: DatasetStore(at: place)) { if $0 == step { throw Broken() } }
                }
                let store = try DatasetStore(at: place)
                let resumed = try await ingest(folder, into: store)
                #expect(resumed.digest == whole.digest, "broken at \(step)")
                #expect(resumed.accepted == whole.accepted && resumed.rejected == whole.rejected)
                if case .batchCommitted(let count) = step { #expect(resumed.read == 403 - count) }
                if step == .versionCommitted { #expect(resumed.read == 0) }
                #expect(try await store.fsck().isClean)
                try await _ = store.collectGarbage()
                #expect(try await store.fsck().unusedBytes == 0)
            }
        }
    }

    @Test("Runs at a time on one store come to one version, or give way to another of their name")
    func sharesTheStore() async throws {
        try await withTemporaryFolder { scratch in
            let folder = scratch.appending(path: "files")
            try fill(folder)
            let place = scratch.appending(path: "store")
            let reference = try await fresh(folder, scratch).0
            let results = await withTaskGroup(of: Result<Digest, any Error>.self) { group in
                for name in ["a", "b", "same", "same"] {
                    group.addTask {
                        do {
                            let summary = try await Ingestion(name, checks: [.labeled], batchSize: 16).ingest(
                                from: ImageFolderSource(at: folder), into: DatasetStore(at: place))
                            return .success(summary.digest)
                        } catch { return .failure(error) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            var done = 0
            for result in results {
                do {
                    #expect(try result.get() == reference)
                    done += 1
                } catch let error as MLOpsError { #expect(error.code == .unavailable) }
            }
            #expect(done >= 3)
            let store = try DatasetStore(at: place)
            #expect(try store.versions() == [reference])
            #expect(try await store.fsck().isClean)
        }
    }
}
