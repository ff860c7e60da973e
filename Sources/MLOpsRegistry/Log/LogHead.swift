public import MLOpsCore

/// The last entry of the registry's log: note it elsewhere, and a log that lost its end will be found out.
public struct LogHead: Sendable, Hashable, Codable {
    /// The number of the entry.
    public let number: Int
    /// The digest of the entry, and through the chain of all before it.
    public let digest: Digest

    /// Makes a head from what was noted.
    public init(number: Int, digest: Digest) {
        self.number = number
        self.digest = digest
    }
}
