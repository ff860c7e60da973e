/// A ``DatasetVersion`` in its parts.
public struct DatasetSplit: Sendable, Hashable {
    /// What was split.
    public let version: DatasetVersion
    /// What must not be on two sides.
    public let gate: LeakageGate
    /// The entries that are in no part, such as frames between two parts, in the order of the version.
    public let excluded: [DatasetEntry]
    private let parts: [SplitPart: [DatasetEntry]]

    /// Makes a split of the part of each entry of a version, in its order; `nil` for an entry in no part.
    init(version: DatasetVersion, parts: [SplitPart?], gate: LeakageGate) {
        self.version = version
        self.gate = gate
        var entries: [SplitPart: [DatasetEntry]] = [:]
        var excluded: [DatasetEntry] = []
        for (entry, part) in zip(version.entries, parts) {
            if let part { entries[part, default: []].append(entry) } else { excluded.append(entry) }
        }
        self.parts = entries
        self.excluded = excluded
    }

    /// The entries of a part, in the order of the version.
    public func entries(of part: SplitPart) -> [DatasetEntry] { parts[part] ?? [] }

    /// The number of entries by part and label; those without a label count as "".
    public var counts: [SplitPart: [String: Int]] {
        parts.mapValues { $0.reduce(into: [:]) { $0[$1.label ?? "", default: 0] += 1 } }
    }
}
