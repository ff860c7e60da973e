internal import Foundation
internal import MLOpsCore

/// Refuses parts of a dataset that share what they must not: the same bytes, or the same group.
public struct LeakageGate: Sendable, Hashable {
    /// What must not be on two sides, beside equal bytes.
    public var group: Split.Group

    /// Makes a gate.
    public init(group: Split.Group = .content) { self.group = group }

    /// Checks the parts of a split.
    ///
    /// - Throws: ``MLOpsError`` with `gateRefused`, naming the first pairs.
    public func check(_ split: DatasetSplit) throws {
        let parts = SplitPart.allCases.map { ($0.rawValue, split.entries(of: $0)) }
        for i in parts.indices {
            for j in parts.indices where j > i {
                try check(parts[i].1, named: parts[i].0, against: parts[j].1, named: parts[j].0)
            }
        }
    }

    /// Checks two sides, from wherever they come.
    ///
    /// - Throws: ``MLOpsError`` with `gateRefused`, naming the first pairs.
    public func check(
        _ first: [DatasetEntry], named name: String, against second: [DatasetEntry], named other: String
    ) throws {
        var byDigest: [Digest: String] = [:]
        var byGroup: [String: String] = [:]
        for entry in first {
            byDigest[entry.digest] = entry.id
            if let key = key(of: entry) { byGroup[key] = entry.id }
        }
        var leaks: [String] = []
        for entry in second {
            if let twin = byDigest[entry.digest] {
                leaks.append("'\(twin)' and '\(entry.id)' have the same bytes")
            } else if let key = key(of: entry), let mate = byGroup[key] {
                leaks.append("'\(mate)' and '\(entry.id)' are of the group '\(key)'")
            }
        }
        guard !leaks.isEmpty else { return }
        throw MLOpsError(
            .gateRefused,
            "\(leaks.count) records leak between \(name) and \(other): \(leaks.prefix(5).joined(separator: "; ")).",
            help: "Split by a group that keeps them together, or remove them from one side.")
    }

    private func key(of entry: DatasetEntry) -> String? {
        switch group {
        case .content: nil
        case .id: entry.id
        case .attribute(let name): entry.attributes[name]
        }
    }
}
