import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Comparing versions") struct DatasetDiffTests {
    @Test("What was added, removed and changed is told apart, and labels that flipped are counted")
    func tellsChanges() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let digests = try await [
                store.store(Data("a".utf8)), store.store(Data("b".utf8)), store.store(Data("c".utf8)),
            ]
            var entries = (0..<900).map {
                DatasetEntry(id: "\($0)", digest: digests[$0 % 2], label: $0 < 600 ? "cat" : "dog")
            }
            let old = try DatasetVersion(entries: entries)
            entries[5].digest = digests[2]
            entries[6].label = "dog"
            entries[7].label = nil
            entries[8].attributes = ["camera": "north"]
            entries.removeSubrange(100..<103)
            entries.append(DatasetEntry(id: "new", digest: digests[2], label: "cow"))
            let new = try DatasetVersion(entries: entries)
            for version in [old, new] { try await store.commit(version) }
            let diff = try store.difference(from: old.digest, to: new.digest)
            #expect(diff.added.map(\.id) == ["new"] && diff.removed.map(\.id) == ["100", "101", "102"])
            #expect(diff.changed.map(\.id) == ["5", "6", "7", "8"])
            #expect(diff.changed.map(\.changesBytes) == [true, false, false, false])
            #expect(diff.changed.map(\.attributes) == [[], [], [], ["camera"]])
            #expect(diff.labelFlips.map(\.from) == ["cat", "cat"] && diff.labelFlips.map(\.to) == [nil, "dog"])
            #expect(diff.labelFlips.map(\.count) == [1, 1])
            #expect(diff.oldLabels == ["cat": 600, "dog": 300])
            #expect(diff.newLabels == ["cat": 595, "dog": 301, "cow": 1])
            // |600/900 - 595/897|, |300/900 - 301/897| and 1/897, halved.
            #expect(abs(diff.labelDistance - 0.003344) < 1e-6)
            #expect(try store.difference(from: new.digest, to: new.digest).isEmpty)
            let back = try store.difference(from: new.digest, to: old.digest)
            #expect(back.added == diff.removed && back.changed.map(\.old) == diff.changed.map(\.new))
            #expect(try CanonicalJSON.decode(DatasetDiff.self, from: CanonicalJSON.encode(diff)) == diff)
        }
    }

    @Test("A tag moves and remembers where it was; versions are found by tag or by their first digits")
    func movesTags() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder, clock: .fixed(Date(timeIntervalSince1970: 1000)))
            let digest = try await store.store(Data("a".utf8))
            let versions = try ["x", "y"].map {
                try DatasetVersion(entries: [DatasetEntry(id: $0, digest: digest, label: $0)])
            }
            for version in versions { try await store.commit(version) }
            try store.tag(versions[0].digest, as: "best")
            try store.tag(versions[0].digest, as: "best")
            try store.tag(versions[1].digest, as: "best")
            #expect(try store.tagHistory(of: "best").map(\.digest) == versions.map(\.digest))
            #expect(try store.digest(named: "best") == versions[1].digest)
            #expect(try store.digest(named: versions[0].digest.short) == versions[0].digest)
            for name in ["worst", "abcdef", "abc"] {
                #expect(#expect(throws: MLOpsError.self) { try store.digest(named: name) }?.code == .notFound)
            }
            let summaries = try store.summaries()
            #expect(summaries.map(\.tags) == [[], ["best"]] && summaries.map(\.labels) == [["x": 1], ["y": 1]])
            #expect(summaries[0].committedAt == Date(timeIntervalSince1970: 1000))
            #expect(throws: MLOpsError.self) { try store.remove(versions[1].digest) }
            try store.untag("best")
            #expect(throws: MLOpsError.self) { try store.untag("best") }
            #expect(try store.tags().isEmpty && store.tagHistory().count == 3)
            try store.remove(versions[1].digest)
            #expect(try store.versions() == [versions[0].digest])
        }
    }
}
