public import MLOpsCore

/// One record of a ``DatasetVersion``.
public struct DatasetEntry: Sendable, Hashable, Codable {
    /// The name of the record, unique in its version.
    public var id: String
    /// The digest of its bytes.
    public var digest: Digest
    /// Its class; `nil` when not labeled.
    public var label: String?
    /// What else is known of it.
    public var attributes: [String: String]

    /// Makes an entry.
    public init(id: String, digest: Digest, label: String?, attributes: [String: String] = [:]) {
        self.id = id
        self.digest = digest
        self.label = label
        self.attributes = attributes
    }
}

/// An immutable set of records; its identity is the digest of its manifest.
///
/// Neither times nor places are part of it: equal records give equal digests on every machine.
public struct DatasetVersion: Sendable, Hashable, Identifiable {
    /// The SHA-256 of the manifest: the version's identity.
    public let digest: Digest
    /// The classes in the order of their UTF-8 bytes; the index of a class is its place here.
    public let labels: [String]
    /// The records in the order of the UTF-8 bytes of their ids.
    public let entries: [DatasetEntry]
    /// How many records the ingestion rejected, by code.
    public let rejected: [String: Int]

    /// The digest.
    public var id: Digest { digest }

    /// Makes a version of entries, in any order.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when two entries have the same id.
    public init(entries: [DatasetEntry], rejected: [String: Int] = [:]) throws {
        let sorted = entries.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        for (a, b) in zip(sorted, sorted.dropFirst()) where a.id.utf8.elementsEqual(b.id.utf8) {
            throw MLOpsError(
                .invalidArgument, "Two entries have the id '\(a.id)'.", help: "Give each record an id of its own.")
        }
        self.entries = sorted
        self.rejected = rejected
        labels = Set(entries.lazy.compactMap(\.label)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        digest = Digest(of: try Manifest.encode(entries: sorted, labels: labels, rejected: rejected))
    }

    /// Reads a manifest.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData`, or `digestMismatch` when it is not that of `digest`.
    init(manifest bytes: Manifest.Bytes, digest: Digest, source: String) throws {
        let found = Digest(of: bytes)
        guard found == digest else {
            throw MLOpsError(
                .digestMismatch, "The manifest \(source) has the digest \(found), not \(digest).",
                help: "The file was damaged or changed; restore it from a copy.")
        }
        (entries, labels, rejected) = try Manifest.decode(bytes, source: source)
        self.digest = digest
    }

    /// The index of a label in ``labels``; `nil` for an unknown one.
    public func index(of label: String) -> Int? { labels.firstIndex(of: label) }

    /// The number of entries of each label.
    public var labelCounts: [String: Int] {
        entries.reduce(into: [:]) { counts, entry in if let label = entry.label { counts[label, default: 0] += 1 } }
    }
}

extension DatasetVersion: CustomStringConvertible {
    /// The digest and the number of entries, for people.
    public var description: String { "\(digest) (\(entries.count) entries, labels \(labels))" }
}
