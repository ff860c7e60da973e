public import Foundation
public import MLOpsCore

/// The proof of an erasure: what was erased, and which versions had it.
///
/// It names no person: the subject and the bytes by digests only. Its own digest is the SHA-256 of its canonical JSON.
public struct ErasureReceipt: Sendable, Hashable, Codable {
    /// A version that had erased records.
    public struct Touched: Sendable, Hashable, Codable {
        /// The version, which the store has no longer.
        public var version: Digest
        /// The version of the records that are left.
        public var successor: Digest
        /// The number of its records that were erased.
        public var records: Int
    }

    /// The format, `mlops-erasure-1`.
    public var format = "mlops-erasure-1"
    /// SHA-256 of the canonical JSON of `{"attribute":…,"value":…}`, or of the sorted ids.
    public var subject: Digest
    /// When.
    public var at: Date
    /// Who had it done.
    public var by: String
    /// Why, such as the number of the request.
    public var reason: String
    /// The digests of the bytes, in ascending order; they are refused from now on.
    public var content: [Digest]
    /// The versions that had them, in the order of their commits: what was trained or tested on these is to be found by
    /// their digests.
    public var versions: [Touched]

    /// The SHA-256 of the receipt's canonical JSON.
    public var digest: Digest { get throws { try Digest(ofJSON: self) } }
}

extension ErasureReceipt: CustomStringConvertible {
    /// A line for people, and one for each version touched.
    public var description: String {
        let lines =
            ["Erased \(content.count) contents by \(by) (\(reason)); \(versions.count) versions touched"]
            + versions.map { "  \($0.version) lost \($0.records) records; what is left: \($0.successor)" }
        return lines.joined(separator: "\n")
    }
}
