public import MLOpsCore

/// What a garbage collection found and did, and the proof that nothing else was touched.
///
/// Every object of the store was reached from a root, or is younger than the time that loose bytes are spared, or is in
/// ``deleted``; the collection is undone as a whole when the three do not add up to what the store has.
public struct GarbageReport: Sendable, Hashable, Codable {
    /// What objects are reached from.
    public struct Root: Sendable, Hashable, Codable {
        /// `version sha256:…`, `ingestion NAME` or `scan NAME`.
        public var name: String
        /// The number of objects reached from here that were not reached from an earlier root.
        public var objects: Int
    }

    /// Whether nothing was changed.
    public var isDryRun: Bool
    /// Where the marking began.
    public var roots: [Root]
    /// The number of objects that were reached.
    public var reached: Int
    /// Their bytes.
    public var reachedBytes: Int
    /// The SHA-256 of the digests of all objects that were reached, in ascending order, 32 bytes each: whoever marks
    /// again from the same roots gets the same.
    public var reachedDigest: Digest
    /// The number of objects that no root reaches and that were spared for their age.
    public var spared: Int
    /// The digests of the objects that were deleted, or would be, in ascending order.
    public var deleted: [Digest]
    /// Their bytes.
    public var deletedBytes: Int
    /// Packs that held only garbage and were deleted.
    public var packsDeleted = 0
    /// Packs that held some garbage and were written anew without it.
    public var packsRewritten = 0
    /// Packs with garbage that somebody was writing, or that are damaged; a later collection will see to them.
    public var packsLeft: [Int] = []
    /// The bytes by which the packs have shrunk.
    public var bytesFreed = 0
}

extension GarbageReport: CustomStringConvertible {
    /// A line for people.
    public var description: String {
        "\(isDryRun ? "Would delete" : "Deleted") \(deleted.count) objects (\(deletedBytes) bytes); \(reached) are "
            + "reached from \(roots.count) roots, \(spared) are spared; \(packsDeleted) packs deleted, "
            + "\(packsRewritten) rewritten, \(packsLeft.count) left; \(bytesFreed) bytes freed"
    }
}
