import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Storing datasets") struct DatasetStoreTests {
    @Test("Bytes come back by their digest, in a store opened again, over several packs") func storesBytes()
        async throws
    {
        try await withTemporaryFolder { folder in
            var store = try DatasetStore(at: folder, maxPackBytes: 5000)
            let pieces = (0..<20).map { Data(repeating: UInt8($0), count: 100 * $0 + ($0 == 19 ? 9000 : 0)) }
            var digests: [Digest] = []
            for piece in pieces { digests.append(try await store.store(piece)) }
            #expect(try await store.store(pieces[3]) == digests[3])
            store = try DatasetStore(at: folder)
            for (piece, digest) in zip(pieces, digests) {
                #expect(digest == Digest(of: piece))
                #expect(try await store.load(digest) == piece)
                #expect(try await store.contains(digest))
            }
            let missing = Digest(of: Data("missing".utf8))
            #expect(try await !store.contains(missing))
            let error = await #expect(throws: MLOpsError.self) { try await store.load(missing) }
            #expect(error?.code == .notFound)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "packs").path).count > 2)
        }
    }

    @Test("Damage in a pack is noticed") func noticesDamage() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let digest = try await store.store(Data("four legs".utf8))
            let pack = folder.appending(path: "packs/000001.pack")
            let whole = try Data(contentsOf: pack)
            try (whole.dropLast(9) + Data("five legs".utf8)).write(to: pack)
            let changed = try DatasetStore(at: folder)
            let error = await #expect(throws: MLOpsError.self) { try await changed.load(digest) }
            #expect(error?.code == .digestMismatch)
            try whole.dropLast(5).write(to: pack)
            let cut = try DatasetStore(at: folder)
            #expect(await #expect(throws: MLOpsError.self) { try await cut.load(digest) }?.code == .corruptData)
        }
    }

    @Test("A version is committed, listed, tagged, opened, and refused when damaged") func keepsVersions() async throws
    {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let digest = try await store.store(Data("bytes".utf8))
            let version = try DatasetVersion(entries: [
                DatasetEntry(id: "é/1", digest: digest, label: "dog", attributes: ["camera": "a \"b\" / \u{1F408}"]),
                DatasetEntry(id: "a/2", digest: digest, label: nil),
            ])
            try await store.commit(version)
            try await store.commit(version)
            #expect(try store.versions() == [version.digest])
            #expect(try store.version(version.digest) == version)
            try store.tag(version.digest, as: "latest")
            #expect(try store.version(tagged: "latest") == version)
            for name in ["", "../x", ".x", "a b", "é"] {
                #expect(throws: MLOpsError.self) { try store.tag(version.digest, as: name) }
            }
            let unknown = try DatasetVersion(entries: [DatasetEntry(id: "x", digest: Digest(of: Data()), label: nil)])
            await #expect(throws: MLOpsError.self) { try await store.commit(unknown) }
            #expect(throws: MLOpsError.self) { try store.tag(unknown.digest, as: "latest") }
            #expect(throws: MLOpsError.self) { try store.version(unknown.digest) }
            let pack = folder.appending(path: "packs/000001.pack")
            var bytes = try Data(contentsOf: pack)
            let label = try #require(bytes.range(of: Data("dog".utf8)))
            bytes.replaceSubrange(label, with: Data("cow".utf8))
            try bytes.write(to: pack)
            let changed = try DatasetStore(at: folder)
            #expect(#expect(throws: MLOpsError.self) { try changed.version(version.digest) }?.code == .digestMismatch)
        }
    }

    @Test("Two entries can't have one id") func refusesDuplicateIDs() {
        let entry = DatasetEntry(id: "x", digest: Digest(of: Data()), label: nil)
        #expect(throws: MLOpsError.self) { try DatasetVersion(entries: [entry, entry]) }
    }
}
