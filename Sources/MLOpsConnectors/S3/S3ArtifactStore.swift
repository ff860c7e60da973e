public import Foundation
public import MLOpsCore

/// An ``ArtifactStore`` in a bucket: one object an artifact, `PREFIX/ab/cdef…` by the hexadecimal digits of its digest.
///
/// Artifacts above 16 MiB are stored in parts. An object appears whole or not at all, so a kill leaves nothing half.
public struct S3ArtifactStore: ArtifactStore {
    /// The bucket, which is there already.
    public let bucket: S3Bucket
    /// What all keys begin with; ends with a slash, or is empty.
    public let prefix: String
    /// The most bytes of an artifact that is loaded.
    public var maxBytes: Int

    /// Makes a store in a bucket.
    public init(_ bucket: S3Bucket, prefix: String = "", maxBytes: Int = 1 << 30) {
        self.bucket = bucket
        self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
        self.maxBytes = maxBytes
    }

    /// The key of the object that holds the bytes of a digest, whether stored yet or not.
    public func key(of digest: Digest) -> String { prefix + digest.hex.prefix(2) + "/" + digest.hex.dropFirst(2) }

    /// Stores bytes and returns their digest.
    ///
    /// - Throws: ``MLOpsError``: `external` when the store refuses, `unavailable` when all tries failed.
    @discardableResult public func store(_ bytes: Data) async throws -> Digest {
        let digest = Digest(of: bytes)
        // One of another size is a damaged one.
        if try await bucket.find(key(of: digest))?.size == bytes.count { return digest }
        try await bucket.put(bytes, at: key(of: digest))
        return digest
    }

    /// The bytes under a digest, verified.
    ///
    /// - Throws: ``MLOpsError``: `notFound`, `digestMismatch` for damaged bytes, and as ``store(_:)``.
    public func load(_ digest: Digest) async throws -> Data {
        let bytes = try await bucket.object(key(of: digest), maxBytes: maxBytes)
        let found = Digest(of: bytes)
        guard found == digest else {
            throw MLOpsError(
                .digestMismatch, "The artifact \(digest) in s3://\(bucket.name)/\(prefix) has the digest \(found).",
                help: "The object was damaged or changed; restore it from a copy.")
        }
        return bytes
    }

    /// Whether bytes with that digest are stored.
    public func contains(_ digest: Digest) async throws -> Bool { try await bucket.find(key(of: digest)) != nil }
}
