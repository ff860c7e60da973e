internal import MLOpsCore

/// Splits so that each stratum, such as each class, has its share of every part to within one record.
///
/// A hash of a record alone can't give exact counts, so this rule remembers: ``kept`` holds the part of every group
/// that was split before, and only groups that are new are given parts, in the order of their keyed hashes, each to the
/// part that lacks most of its strata. Old records are never moved, and the counts stay exact as the dataset grows:
///
///     let first = try StratifiedSplit(seed: 1)(version)
///     let next = try StratifiedSplit(seed: 1).keeping(first)(larger)
///
/// Where each group is one record, a stratum's count in a part is less than one from its share. Larger groups are given
/// out first, and the counts are as near as whole groups allow.
public struct StratifiedSplit: SplitRule, Hashable, Codable {
    /// What the counts are kept even over.
    public enum Stratum: Sendable, Hashable, Codable {
        /// The class.
        case label
        /// The value of an attribute.
        case attribute(String)

        /// The stratum of an entry; empty for one that has none.
        func key(of entry: DatasetEntry) -> String {
            switch self {
            case .label: entry.label ?? ""
            case .attribute(let name): entry.attributes[name] ?? ""
            }
        }
    }

    /// The key of the hash that orders groups.
    public var seed: UInt64
    /// The share of train, 0…1.
    public var train: Double
    /// The share of validation, 0…1.
    public var validation: Double
    /// What holds together.
    public var group: Split.Group
    /// What the counts are kept even over.
    public var stratum: Stratum
    /// The part of each group that was split before, by ``Split/Group/key(of:)``.
    public var kept: [String: SplitPart] = [:]

    /// Makes a split; the share of test is what is left.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for shares below 0, or above 1 in all.
    public init(
        seed: UInt64, train: Double = 0.8, validation: Double = 0, group: Split.Group = .content,
        stratum: Stratum = .label
    ) throws {
        _ = try SplitShares.checked(train: train, validation: validation)
        self.seed = seed
        self.train = train
        self.validation = validation
        self.group = group
        self.stratum = stratum
    }

    /// The same rule with every group of an earlier split held where it is.
    public func keeping(_ earlier: DatasetSplit) -> StratifiedSplit {
        var rule = self
        for part in SplitPart.allCases {
            for entry in earlier.entries(of: part) { rule.kept[group.key(of: entry)] = part }
        }
        return rule
    }

    /// Refuses equal bytes and groups on two sides.
    public var gate: LeakageGate { LeakageGate(group: group) }

    /// The share of each part.
    public var shares: [SplitPart: Double] {
        [.train: train, .validation: validation, .test: 1 - train - validation]
    }

    /// The part of each entry.
    public func parts(of entries: [DatasetEntry]) -> [SplitPart?] {
        var totals: [String: Double] = [:]
        var groups: [String: [String: Double]] = [:]
        for entry in entries {
            let stratum = stratum.key(of: entry)
            totals[stratum, default: 0] += 1
            groups[group.key(of: entry), default: [:]][stratum, default: 0] += 1
        }
        // What each part still lacks of each stratum.
        var lacks = SplitPart.allCases.map { part in totals.mapValues { $0 * (shares[part] ?? 0) } }
        var parts = kept
        func give(_ part: Int, to counts: [String: Double]) {
            for (stratum, count) in counts { lacks[part][stratum, default: 0] -= count }
        }
        for (key, counts) in groups {
            if let part = kept[key], let place = SplitPart.allCases.firstIndex(of: part) { give(place, to: counts) }
        }
        let new = groups.filter { kept[$0.key] == nil }.map { key, counts in
            (
                key: key, counts: counts, size: counts.values.reduce(0, +),
                fraction: SplitShares.fraction(of: key, seed: seed)
            )
        }.sorted { ($1.size, $0.fraction, $0.key) < ($0.size, $1.fraction, $1.key) }
        let open = SplitPart.allCases.indices.filter { (shares[SplitPart.allCases[$0]] ?? 0) > 0 }
        for group in new {
            // In the order of the strata, so that the sum of several has the same bits in every run.
            let strata = group.counts.sorted { $0.key < $1.key }
            let wants = open.map { part in
                strata.reduce(0) { $0 + $1.value * (lacks[part][$1.key] ?? 0) / (totals[$1.key] ?? 1) }
            }
            guard let most = wants.max(), let place = wants.firstIndex(of: most) else { continue }
            parts[group.key] = SplitPart.allCases[open[place]]
            give(open[place], to: group.counts)
        }
        return entries.map { parts[group.key(of: $0)] }
    }
}
