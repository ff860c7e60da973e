public import Foundation
public import MLOpsCore

/// What a list of versions says of each, read from its header alone.
public struct VersionSummary: Sendable, Hashable, Codable, Identifiable {
    /// The version's identity.
    public var digest: Digest
    /// When it was committed to this store; no part of its identity.
    public var committedAt: Date
    /// The tags that are on it now, in order.
    public var tags: [String]
    /// The number of entries.
    public var entries: Int
    /// The number of entries by label; those without one are the rest.
    public var labels: [String: Int]
    /// How many records the ingestion rejected, by code.
    public var rejected: [String: Int]

    /// The digest.
    public var id: Digest { digest }
}
