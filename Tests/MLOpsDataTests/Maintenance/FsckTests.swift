import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Checking a store") struct FsckTests {
    private func filled(_ folder: URL) async throws -> (store: DatasetStore, version: DatasetVersion) {
        let store = try DatasetStore(at: folder)
        let records = (0..<100).map { RawRecord(id: "r-\($0)", bytes: Data("record \($0)!".utf8), label: "\($0 % 2)") }
        let version = try await Ingestion("all", checks: []).run(from: InMemorySource(records), into: store).version
        return (store, version)
    }

    private func damage(_ folder: URL, at text: String) throws {
        let packs = folder.appending(path: "packs")
        for name in try FileManager.default.contentsOfDirectory(atPath: packs.path) {
            let pack = packs.appending(path: name)
            var bytes = try Data(contentsOf: pack)
            guard let range = bytes.range(of: Data(text.utf8)) else { continue }
            bytes[range.lowerBound] ^= 0x20
            return try bytes.write(to: pack)
        }
        Issue.record("no pack has '\(text)'")
    }

    @Test("Damage is named with those who need it, and repaired from another store") func repairs() async throws {
        try await withTemporaryFolder { folder in
            let (_, version) = try await filled(folder.appending(path: "a"))
            let (copy, _) = try await filled(folder.appending(path: "b"))
            try damage(folder.appending(path: "a"), at: "record 42!")
            let store = try DatasetStore(at: folder.appending(path: "a"))
            let findings = try await store.fsck()
            #expect(!findings.isClean && findings.objects == 102 && findings.versions == 1)
            #expect(findings.damaged.map(\.records) == [["\(version.digest.short): r-42"]])
            #expect(findings.damaged.map(\.digest) == [Digest(of: Data("record 42!".utf8))])
            #expect(try await store.fsck(repair: true).damaged.count == 1)
            let repaired = try await store.fsck(repair: true, from: [copy])
            #expect(repaired.isClean && repaired.repaired == findings.damaged.map(\.digest))
            let clean = try await store.fsck()
            #expect(clean.isClean && clean.unusedBytes == 54)
            try await store.verify(store.version(version.digest))
        }
    }

    @Test("What can't be repaired is stored anew by the next ingestion that has it", arguments: [true, false])
    func healsByIngestion(isFolder: Bool) async throws {
        try await withTemporaryFolder { folder in
            let (place, files) = (folder.appending(path: "store"), folder.appending(path: "files"))
            for i in 0..<100 {
                let file = files.appending(path: "class-\(i % 2)/\(i).txt")
                try DurableFile.makeFolder(file.deletingLastPathComponent())
                try Data("record \(i)!".utf8).write(to: file)
            }
            let records = (0..<100).map {
                RawRecord(id: "r-\($0)", bytes: Data("record \($0)!".utf8), label: "\($0 % 2)")
            }
            func ingest() async throws -> Digest {
                let (all, store) = (Ingestion("all", checks: []), try DatasetStore(at: place))
                return isFolder
                    ? try await all.ingest(from: ImageFolderSource(at: files), into: store).digest
                    : try await all.ingest(from: InMemorySource(records), into: store).digest
            }
            let version = try await ingest()
            // A record, a node of the manifest, and the header.
            for text in ["record 42!", "MLM2", "{\"entries\""] {
                try damage(place, at: text)
                #expect(try await !DatasetStore(at: place).fsck(repair: true).isClean)
                #expect(try await ingest() == version)
                let store = try DatasetStore(at: place)
                #expect(try await store.fsck().isClean, "after damage at \(text)")
                try await store.verify(store.version(version))
                try await _ = store.collectGarbage()
                #expect(try await store.fsck().isClean)
            }
            try damage(place, at: "{\"entries\"")
            let store = try DatasetStore(at: place)
            try store.remove(version)
            #expect(try store.versions().isEmpty)
            try await _ = store.collectGarbage()
        }
    }

    @Test("A damaged manifest node, a missing pack and a cut one are faults, not crashes") func namesFaults()
        async throws
    {
        try await withTemporaryFolder { folder in
            let (_, version) = try await filled(folder)
            try damage(folder, at: "MLM2")
            let findings = try await DatasetStore(at: folder).fsck()
            #expect(findings.faults.map(\.digest) == [version.digest] && findings.damaged.count == 1)
            let pack = folder.appending(path: "packs/000001.pack")
            try Data(contentsOf: pack).prefix(1000).write(to: pack)
            #expect(try await DatasetStore(at: folder).fsck().damaged.count > 50)
            try FileManager.default.removeItem(at: pack)
            #expect(try await DatasetStore(at: folder).fsck().damaged.count == 102)
        }
    }

    @Test("Mutated store files give an error or a finding, never a crash") func survivesMutation() async throws {
        try await withTemporaryFolder { folder in
            let pictures = folder.appending(path: "pictures")
            for i in 0..<6 {
                let url = pictures.appending(path: "\(i % 2)/\(i)")
                try DurableFile.makeFolder(url.deletingLastPathComponent())
                try Data("file \(i)".utf8).write(to: url)
            }
            let (scan, source) = (Ingestion("files", checks: []), ImageFolderSource(at: pictures))
            do {
                let store = try await filled(folder.appending(path: "whole")).store
                _ = try await scan.ingest(from: source, into: store)
            }
            let files = ["packs/000001.pack", "store.sqlite"]
            let whole = try files.map { Array(try Data(contentsOf: folder.appending(path: "whole/" + $0))) }
            var generator = SeededGenerator(seed: 11)
            let rounds = ProcessInfo.processInfo.environment["MLOPS_FUZZ"].flatMap { Int($0) } ?? 120
            var noticed = 0
            try await MemoryBound().hold("stores") {
                for round in 0..<rounds {
                    let place = folder.appending(path: "\(round)")
                    try DurableFile.makeFolder(place.appending(path: "packs"))
                    for (i, file) in files.enumerated() {
                        let bytes = i == round % 2 ? mutated(whole[i], using: &generator) : whole[i]
                        try Data(bytes).write(to: place.appending(path: file))
                    }
                    do {
                        let store = try DatasetStore(at: place)
                        let findings = try await store.fsck(repair: true)
                        if !findings.isClean { noticed += 1 }
                        for digest in try store.versions() { _ = try? store.version(digest) }
                        _ = try? store.summaries()
                        _ = try await store.collectGarbage()
                        let records = [RawRecord(id: "new", bytes: Data("new".utf8), label: "x")]
                        _ = try await Ingestion("all", checks: [], minimumClasses: 1).run(
                            from: InMemorySource(records), into: store)
                        _ = try await scan.ingest(from: source, into: store)
                    } catch is MLOpsError { noticed += 1 }
                    try FileManager.default.removeItem(at: place)
                }
            }
            #expect(noticed > rounds / 3)
        }
    }
}
