import Foundation
import MLOpsCore
import MLOpsTestKit
import Testing

@Suite("ArtifactStore")
struct ArtifactStoreTests {
    @Test("the store in memory keeps its promises")
    func inMemoryPassesTheExam() async throws { try await ArtifactStoreExam(InMemoryArtifactStore()).run() }

    @Test("the store in a folder keeps its promises")
    func localPassesTheExam() async throws {
        try await withScratchFolder { folder in
            let store = try LocalArtifactStore(at: folder.appendingPathComponent("a/b"))
            try await ArtifactStoreExam(store) { try Data("damaged".utf8).write(to: store.url(of: $0)) }.run()
        }
    }

    @Test("another process finds the artifacts by their digest in the folder")
    func namesFilesByDigest() async throws {
        try await withScratchFolder { folder in
            let digest = try LocalArtifactStore(at: folder).store(Data("abc".utf8))
            let path = "ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            #expect(try Data(contentsOf: folder.appendingPathComponent(path)) == Data("abc".utf8))
            #expect(try LocalArtifactStore(at: folder).load(digest) == Data("abc".utf8))
        }
    }
}
