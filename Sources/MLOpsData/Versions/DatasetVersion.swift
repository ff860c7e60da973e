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
/// Neither times nor places are part of it: equal records give equal digests on every machine, in whatever order and
/// by whatever changes they came about. The manifest is a Merkle tree: the digest is the SHA-256 of a header of a few
/// lines, which names the root of a tree of the entries, whose leaves name the digests of the records' bytes.
public struct DatasetVersion: Sendable, Hashable, Identifiable {
    /// The SHA-256 of the manifest's header: the version's identity.
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
        let header = try Self.header(of: sorted, rejected: rejected) { _, _ in }
        labels = header.sortedLabels
        digest = try Digest(ofJSON: header)
    }

    /// A version whose header and entries were read and verified.
    init(digest: Digest, header: VersionHeader, entries: [DatasetEntry]) {
        self.digest = digest
        self.entries = entries
        labels = header.sortedLabels
        rejected = header.rejected
    }

    /// The index of a label in ``labels``; `nil` for an unknown one.
    public func index(of label: String) -> Int? { labels.firstIndex(of: label) }

    /// The number of entries of each label.
    public var labelCounts: [String: Int] {
        entries.reduce(into: [:]) { counts, entry in if let label = entry.label { counts[label, default: 0] += 1 } }
    }

    /// Builds the manifest: hands the nodes to `sink` and returns the header.
    func header(sink: @escaping ManifestBuilder.Sink) throws -> VersionHeader {
        try Self.header(of: entries, rejected: rejected, sink: sink)
    }

    private static func header(
        of sorted: [DatasetEntry], rejected: [String: Int], sink: @escaping ManifestBuilder.Sink
    ) throws -> VersionHeader {
        var builder = ManifestBuilder(sink: sink)
        var labels: [String: Int] = [:]
        for entry in sorted {
            try builder.add(entry)
            if let label = entry.label { labels[label, default: 0] += 1 }
        }
        return VersionHeader(
            entries: sorted.count, labels: labels, rejected: rejected, root: try builder.finish()?.digest)
    }
}

extension DatasetVersion: CustomStringConvertible {
    /// The digest and the number of entries, for people.
    public var description: String { "\(digest) (\(entries.count) entries, labels \(labels))" }
}
