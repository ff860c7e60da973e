public import MLOpsCore

/// What a check of a whole store found.
public struct StoreFindings: Sendable, Hashable, Codable {
    /// Bytes that are not what their digest says, or not there.
    public struct Damage: Sendable, Hashable, Codable {
        /// The digest of the bytes.
        public var digest: Digest
        /// The pack they lie in; `nil` when the index does not know them.
        public var pack: Int?
        /// What is wrong.
        public var reason: String
        /// Up to 20 records of versions that need them, as `version: id`; more are counted in ``neededBy``.
        public var records: [String]
        /// The number of records, in all versions, that need them.
        public var neededBy: Int
    }

    /// A version whose manifest can't be read to its end.
    public struct VersionFault: Sendable, Hashable, Codable {
        /// The version.
        public var digest: Digest
        /// What is wrong.
        public var reason: String
    }

    /// The number of objects whose bytes were read and hashed.
    public var objects = 0
    /// Their bytes.
    public var bytes = 0
    /// The number of versions whose manifests were walked.
    public var versions = 0
    /// Damaged objects, by digest, those that were repaired not among them.
    public var damaged: [Damage] = []
    /// Versions that can't be read, those that were repaired not among them.
    public var faults: [VersionFault] = []
    /// Objects that were damaged and have been restored from another copy.
    public var repaired: [Digest] = []
    /// What SQLite's own check says of the database; empty when it is sound.
    public var database: [String] = []
    /// Bytes in packs that the index does not name: left by kills, and cleared away by garbage collection.
    public var unusedBytes = 0
    /// Receipts of erasures whose bytes are not out of the packs yet; garbage collection ends them.
    public var pendingErasures: [Digest] = []

    /// Whether all is as it should be; unused bytes are no fault.
    public var isClean: Bool {
        damaged.isEmpty && faults.isEmpty && database.isEmpty && pendingErasures.isEmpty
    }
}

extension StoreFindings: CustomStringConvertible {
    /// A line for people, and one for each fault.
    public var description: String {
        let lines =
            ["\(objects) objects (\(bytes) bytes) and \(versions) versions checked: \(isClean ? "clean" : "FAULTS")"]
            + damaged.map { damage in
                "  \(damage.digest.short) in pack \(damage.pack.map(String.init) ?? "none"): \(damage.reason) Needed by "
                    + "\(damage.neededBy) records\(damage.records.isEmpty ? "" : ": ")"
                    + damage.records.joined(separator: ", ")
            } + faults.map { "  version \($0.digest.short): \($0.reason)" }
            + database.map { "  database: \($0)" }
            + pendingErasures.map { "  erasure \($0.short) is not ended: run gc" }
            + repaired.map { "  repaired: \($0.short)" }
        return lines.joined(separator: "\n")
    }
}
