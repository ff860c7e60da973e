public import MLOpsCore

/// What changed from one version to another.
///
/// Parts of the manifests that are equal are not read, so it takes time with the number of changes, and with the
/// logarithm of the number of entries.
public struct DatasetDiff: Sendable, Hashable, Codable {
    /// An entry that both versions have, under one id, and that is not the same.
    public struct Change: Sendable, Hashable, Codable {
        /// The entry in the old version.
        public var old: DatasetEntry
        /// The entry in the new version.
        public var new: DatasetEntry

        /// The id of both.
        public var id: String { new.id }
        /// Whether the bytes differ.
        public var changesBytes: Bool { old.digest != new.digest }
        /// Whether the label differs.
        public var flipsLabel: Bool { old.label != new.label }
        /// The names of the attributes that differ, in order.
        public var attributes: [String] {
            Set(old.attributes.keys).union(new.attributes.keys)
                .filter { old.attributes[$0] != new.attributes[$0] }.sorted()
        }
    }

    /// How often one label became another; `nil` stands for no label.
    public struct LabelFlip: Sendable, Hashable, Codable {
        /// The label in the old version.
        public var from: String?
        /// The label in the new version.
        public var to: String?
        /// The number of entries.
        public var count: Int
    }

    /// The old version.
    public var old: Digest
    /// The new version.
    public var new: Digest
    /// The entries that only the new version has, by id.
    public var added: [DatasetEntry]
    /// The entries that only the old version has, by id.
    public var removed: [DatasetEntry]
    /// The entries that differ, by id.
    public var changed: [Change]
    /// The number of entries by label in the old version.
    public var oldLabels: [String: Int]
    /// The number of entries by label in the new version.
    public var newLabels: [String: Int]

    /// Whether the entries are equal; the counts of rejected records are not compared.
    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    /// Which labels became which, in order; an entry that is new or gone is none.
    public var labelFlips: [LabelFlip] {
        let counts = changed.filter(\.flipsLabel).reduce(into: [:]) {
            $0[LabelFlip(from: $1.old.label, to: $1.new.label, count: 0), default: 0] += 1
        }
        return counts.map { LabelFlip(from: $0.from, to: $0.to, count: $1) }
            .sorted { ($0.from ?? "", $0.to ?? "") < ($1.from ?? "", $1.to ?? "") }
    }

    /// Half the sum of the absolute differences of the labels' shares, 0…1: the total variation distance of the class
    /// distributions. 0 when either version has no label.
    public var labelDistance: Double {
        let (a, b) = (oldLabels.values.reduce(0, +), newLabels.values.reduce(0, +))
        guard a > 0, b > 0 else { return 0 }
        return Set(oldLabels.keys).union(newLabels.keys).sorted().reduce(0) {
            $0 + abs(Double(oldLabels[$1] ?? 0) / Double(a) - Double(newLabels[$1] ?? 0) / Double(b)) / 2
        }
    }

    /// Joins the entries of both sides that are not known to be equal.
    init(
        from old: (digest: Digest, header: VersionHeader, entries: [DatasetEntry]),
        to new: (digest: Digest, header: VersionHeader, entries: [DatasetEntry])
    ) {
        (self.old, self.new) = (old.digest, new.digest)
        (oldLabels, newLabels) = (old.header.labels, new.header.labels)
        (added, removed, changed) = ([], [], [])
        var (left, right) = (old.entries[...], new.entries[...])
        while let a = left.first, let b = right.first {
            if a.id.utf8.lexicographicallyPrecedes(b.id.utf8) {
                removed.append(a)
                left = left.dropFirst()
            } else if b.id.utf8.lexicographicallyPrecedes(a.id.utf8) {
                added.append(b)
                right = right.dropFirst()
            } else {
                if a != b { changed.append(Change(old: a, new: b)) }
                (left, right) = (left.dropFirst(), right.dropFirst())
            }
        }
        removed += left
        added += right
    }
}

extension DatasetDiff: CustomStringConvertible {
    /// A line for people: how many were added, removed and changed, and how the labels moved.
    public var description: String {
        let flips = labelFlips.map { "\($0.from ?? "none") to \($0.to ?? "none"): \($0.count)" }
        return
            "\(old.short) to \(new.short): \(added.count) added, \(removed.count) removed, \(changed.count) changed ("
            + "\(changed.count { $0.changesBytes }) in bytes, \(changed.count { !$0.attributes.isEmpty }) in attributes, "
            + "\(changed.count { $0.flipsLabel }) in label\(flips.isEmpty ? "" : ": " + flips.joined(separator: ", ")))"
    }
}
