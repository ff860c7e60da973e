public import Foundation

/// Keeps bytes under their digest; what is stored never changes.
///
/// Promises of a conformer:
/// - `store` returns the SHA-256 of the bytes; storing the same bytes again is no error and changes nothing.
/// - `load` returns exactly those bytes. It throws ``MLOpsError`` with `notFound` for an unknown digest, and with
///   `digestMismatch` when the stored bytes have been damaged.
/// - A kill at any instant leaves an artifact whole or absent.
public protocol ArtifactStore: Sendable {
    /// Stores bytes and returns their digest.
    @discardableResult func store(_ bytes: Data) async throws -> Digest
    /// The bytes under a digest, verified.
    func load(_ digest: Digest) async throws -> Data
    /// Whether bytes with that digest are stored.
    func contains(_ digest: Digest) async throws -> Bool
}

/// An ``ArtifactStore`` that lives as long as the process; for tests and trials.
public actor InMemoryArtifactStore: ArtifactStore {
    private var artifacts: [Digest: Data] = [:]

    /// Makes an empty store.
    public init() {}

    /// Stores bytes and returns their digest.
    @discardableResult public func store(_ bytes: Data) -> Digest {
        let digest = Digest(of: bytes)
        artifacts[digest] = bytes
        return digest
    }

    /// The bytes under a digest; throws `notFound`.
    public func load(_ digest: Digest) throws -> Data {
        guard let bytes = artifacts[digest] else { throw MLOpsError.missing(digest, in: "memory") }
        return bytes
    }

    /// Whether bytes with that digest are stored.
    public func contains(_ digest: Digest) -> Bool { artifacts[digest] != nil }
}

extension MLOpsError {
    static func missing(_ digest: Digest, in place: String) -> MLOpsError {
        MLOpsError(
            .notFound, "No artifact \(digest) in \(place).",
            help: "Check the digest; the artifact may have been stored elsewhere or erased.")
    }
}
