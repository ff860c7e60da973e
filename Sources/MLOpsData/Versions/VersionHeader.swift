internal import Foundation
internal import MLOpsCore

/// What a version says of itself in a few lines of canonical JSON, whose SHA-256 is the version's identity.
struct VersionHeader: Sendable, Hashable, Codable {
    static let currentFormat = "mlops-dataset-2"

    /// The format, `mlops-dataset-2`.
    var format = currentFormat
    /// The number of entries.
    var entries: Int
    /// The number of entries by label; those without one are the rest.
    var labels: [String: Int]
    /// How many records the ingestion rejected, by code.
    var rejected: [String: Int]
    /// The root of the tree of entries; `nil` when there is none.
    var root: Digest?

    init(entries: Int, labels: [String: Int], rejected: [String: Int], root: Digest?) {
        self.entries = entries
        self.labels = labels
        self.rejected = rejected
        self.root = root
    }

    /// Reads a header; throws `corruptData` or `newerSchema`.
    init(_ bytes: Data, source: String) throws {
        self = try CanonicalJSON.decode(Self.self, from: bytes, source: source)
        guard format == Self.currentFormat else {
            throw MLOpsError(
                .newerSchema, "\(source) has the format '\(format)', not '\(Self.currentFormat)'.",
                help: "Open it with the release that wrote it.")
        }
        guard 0...(1 << 48) ~= entries, (root == nil) == (entries == 0),
            labels.values.allSatisfy({ 0...entries ~= $0 }),
            rejected.values.allSatisfy({ 0...(1 << 48) ~= $0 })
        else { throw MLOpsError(.corruptData, "\(source) has impossible counts.", help: "Restore it from a copy.") }
    }

    /// The labels in the order of their UTF-8 bytes.
    var sortedLabels: [String] { labels.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// The root and the number of entries below it.
    var tree: (digest: Digest, entries: Int)? { root.map { ($0, entries) } }
}
