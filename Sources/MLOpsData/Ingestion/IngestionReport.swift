public import MLOpsCore

/// What an ingestion did, without the entries of the version: records in = accepted + rejected.
public struct IngestionSummary: Sendable, Hashable, Codable {
    /// The version made.
    public var digest: Digest
    /// The number of records accepted, those of a broken run included.
    public var accepted: Int
    /// The number of records rejected, those of a broken run included; see ``DatasetStore/rejections(of:)``.
    public var rejected: Int
    /// The number of records whose bytes this run read; less than all when it went on with a broken run, or files
    /// were known to be unchanged.
    public var read: Int
    /// Where this run began; ``SourcePosition/start`` unless it went on with a broken one.
    public var resumedFrom: SourcePosition
}

/// What an ingestion did: records in = accepted + rejected.
public struct IngestionReport: Sendable, Hashable {
    /// The version made.
    public var version: DatasetVersion
    /// The number of records accepted, those of a broken run included.
    public var accepted: Int
    /// The number of records rejected, those of a broken run included; see ``DatasetStore/rejections(of:)``.
    public var rejected: Int
    /// Where this run began; ``SourcePosition/start`` unless it went on with a broken one.
    public var resumedFrom: SourcePosition
}
