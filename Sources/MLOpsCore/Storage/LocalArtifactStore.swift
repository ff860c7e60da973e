public import Foundation

/// An ``ArtifactStore`` in a folder: one file an artifact, `ab/cdef…` by the hexadecimal digits of its digest.
public struct LocalArtifactStore: ArtifactStore {
    /// The folder that holds the artifacts.
    public let root: URL

    /// Opens the store in a folder, which is made when it is not there.
    public init(at root: URL) throws {
        self.root = root
        try DurableFile.makeFolder(root)
    }

    /// Where the bytes of a digest lie, whether stored yet or not.
    public func url(of digest: Digest) -> URL {
        let hex = digest.hex
        return root.appendingPathComponent(String(hex.prefix(2))).appendingPathComponent(String(hex.dropFirst(2)))
    }

    /// Stores bytes and returns their digest.
    @discardableResult public func store(_ bytes: Data) throws -> Digest {
        let digest = Digest(of: bytes)
        let url = url(of: digest)
        if FileManager.default.fileExists(atPath: url.path) { return digest }
        try DurableFile.makeFolder(url.deletingLastPathComponent())
        try DurableFile.write(bytes, to: url)
        return digest
    }

    /// The bytes under a digest, verified.
    public func load(_ digest: Digest) throws -> Data {
        guard let bytes = FileManager.default.contents(atPath: url(of: digest).path) else {
            throw MLOpsError.missing(digest, in: root.path)
        }
        let found = Digest(of: bytes)
        guard found == digest else {
            throw MLOpsError(
                .digestMismatch, "The artifact \(digest) in \(root.path) has the digest \(found).",
                help: "The file was damaged or changed; restore it from a copy.")
        }
        return bytes
    }

    /// Whether bytes with that digest are stored.
    public func contains(_ digest: Digest) -> Bool { FileManager.default.fileExists(atPath: url(of: digest).path) }
}
