internal import Foundation
public import MLOpsCore

/// Checks the promises of an ``MLOpsCore/ArtifactStore``.
public struct ArtifactStoreExam: Sendable {
    private let store: any ArtifactStore
    private let damage: (@Sendable (Digest) async throws -> Void)?

    /// Makes an exam.
    ///
    /// - Parameters:
    ///   - store: an empty store.
    ///   - damage: changes the stored bytes of a digest behind the store's back; `nil` where that can't be done.
    public init(_ store: any ArtifactStore, damage: (@Sendable (Digest) async throws -> Void)? = nil) {
        self.store = store
        self.damage = damage
    }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        let contents = [Data(), Data("a".utf8), Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })]
        for bytes in contents {
            let digest = Digest(of: bytes)
            try require(!(try await store.contains(digest)), "an empty store contains nothing, but it has \(digest)")
            try await requireError(.notFound, "loading an unknown digest throws notFound") {
                _ = try await store.load(digest)
            }
            let stored = try await store.store(bytes)
            try require(stored == digest, "store returns the SHA-256 \(digest), not \(stored)")
            try require(try await store.contains(digest), "what was stored is contained")
            try require(try await store.load(digest) == bytes, "load returns the \(bytes.count) bytes that were stored")
            let again = try await store.store(bytes)
            try require(again == digest, "storing the same bytes again returns the same digest, not \(again)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<16 {
                group.addTask { try await store.store(Data("at the same time \(index % 4)".utf8)) }
            }
            try await group.waitForAll()
        }
        for index in 0..<4 {
            let bytes = Data("at the same time \(index)".utf8)
            try require(
                try await store.load(Digest(of: bytes)) == bytes, "what several tasks store at the same time is kept")
        }
        if let damage {
            let digest = try await store.store(Data("to be damaged".utf8))
            try await damage(digest)
            try await requireError(.digestMismatch, "loading damaged bytes throws digestMismatch") {
                _ = try await store.load(digest)
            }
        }
    }
}
