internal import Foundation
internal import MLOpsCore

/// Which side of a ``Split`` an example is on.
public enum SplitPart: String, Sendable, Hashable, Codable, CaseIterable {
    /// To learn from.
    case train
    /// To choose hyperparameters and the epoch by.
    case validation
    /// To judge the chosen model by, once.
    case test
}

/// Gives each record of a dataset to train, validation or test by a keyed hash of its group.
///
/// A record's side depends on the seed and its group alone: adding or removing other records never moves it, and
/// records of one group are never on two sides. The price is that counts are binomial around the fractions; ask
/// ``DatasetSplit/counts`` for them.
public struct Split: Sendable, Hashable, Codable {
    /// What holds together.
    public enum Group: Sendable, Hashable, Codable {
        /// Records with the same bytes.
        case content
        /// Records with the same id; that is, each by itself.
        case id
        /// Records with the same value of an attribute, such as the animal, the owner or the camera's day; those
        /// without it go by their bytes.
        case attribute(String)
    }

    /// The key of the hash; another one makes another split.
    public var seed: UInt64
    /// The expected share of train, 0…1.
    public var train: Double
    /// The expected share of validation, 0…1.
    public var validation: Double
    /// What holds together.
    public var group: Group

    /// Makes a split; the share of test is what is left.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for shares below 0, or above 1 in all.
    public init(seed: UInt64, train: Double = 0.8, validation: Double = 0, group: Group = .content) throws {
        guard train >= 0, validation >= 0, train + validation <= 1 else {
            throw MLOpsError(
                .invalidArgument, "A split can't have \(train) train and \(validation) validation.",
                help: "Give shares of 0…1 that sum to at most 1; the rest is test.")
        }
        self.seed = seed
        self.train = train
        self.validation = validation
        self.group = group
    }

    /// The group of an entry.
    public func groupKey(of entry: DatasetEntry) -> String {
        switch group {
        case .content: "digest:" + entry.digest.hex
        case .id: "id:" + entry.id
        case .attribute(let name): entry.attributes[name].map { "attribute:" + $0 } ?? "digest:" + entry.digest.hex
        }
    }

    /// The side of an entry: by the first 53 bits of SHA-256(seed as 8 bytes, little-endian ‖ group), as a fraction.
    public func part(of entry: DatasetEntry) -> SplitPart {
        var digester = Digester()
        digester.update(withUnsafeBytes(of: seed.littleEndian) { Array($0) })
        digester.update(Array(groupKey(of: entry).utf8))
        let bits = digester.finalize().bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let fraction = Double(bits >> 11) * 0x1p-53
        return fraction < train ? .train : fraction < train + validation ? .validation : .test
    }

    /// Splits a version, and checks that nothing leaks.
    ///
    /// - Throws: ``MLOpsError`` with `gateRefused` when the same bytes are on two sides (possible when `group` is not
    ///   `content`), `insufficientData` when train or test is empty although its share is not 0.
    public func callAsFunction(_ version: DatasetVersion) throws -> DatasetSplit {
        var parts: [SplitPart: [DatasetEntry]] = [:]
        for entry in version.entries { parts[part(of: entry), default: []].append(entry) }
        for (part, share) in [(SplitPart.train, train), (.test, 1 - train - validation)]
        where share > 1e-9 && parts[part] == nil {
            throw MLOpsError(
                .insufficientData, "Of \(version.entries.count) records, none is in \(part.rawValue).",
                help: "Add records or groups, or take another seed.")
        }
        let split = DatasetSplit(version: version, split: self, entries: parts)
        try LeakageGate(group: group).check(split)
        return split
    }
}

/// A ``DatasetVersion`` in its parts.
public struct DatasetSplit: Sendable, Hashable {
    /// What was split.
    public let version: DatasetVersion
    /// How.
    public let split: Split
    private let parts: [SplitPart: [DatasetEntry]]

    init(version: DatasetVersion, split: Split, entries: [SplitPart: [DatasetEntry]]) {
        self.version = version
        self.split = split
        parts = entries
    }

    /// The entries of a part, in the order of the version.
    public func entries(of part: SplitPart) -> [DatasetEntry] { parts[part] ?? [] }

    /// The number of entries by part and label; those without a label count as "".
    public var counts: [SplitPart: [String: Int]] {
        parts.mapValues { $0.reduce(into: [:]) { $0[$1.label ?? "", default: 0] += 1 } }
    }
}
