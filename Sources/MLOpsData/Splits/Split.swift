internal import MLOpsCore

/// Gives each record of a dataset to train, validation or test by a keyed hash of its group.
///
/// A record's side depends on the seed and its group alone: adding or removing other records never moves it, and
/// records of one group are never on two sides. The price is that counts are binomial around the fractions; ask
/// ``DatasetSplit/counts`` for them, or take a ``StratifiedSplit``.
public struct Split: SplitRule, Hashable, Codable {
    /// What holds together.
    public enum Group: Sendable, Hashable, Codable {
        /// Records with the same bytes.
        case content
        /// Records with the same id; that is, each by itself.
        case id
        /// Records with the same value of an attribute, such as the animal, the owner or the camera's day; those
        /// without it go by their bytes.
        case attribute(String)

        /// The name of an entry's group.
        public func key(of entry: DatasetEntry) -> String {
            switch self {
            case .content: "digest:" + entry.digest.hex
            case .id: "id:" + entry.id
            case .attribute(let name): entry.attributes[name].map { "attribute:" + $0 } ?? "digest:" + entry.digest.hex
            }
        }
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
        _ = try SplitShares.checked(train: train, validation: validation)
        self.seed = seed
        self.train = train
        self.validation = validation
        self.group = group
    }

    /// Refuses equal bytes and groups on two sides.
    public var gate: LeakageGate { LeakageGate(group: group) }

    /// The expected share of each part.
    public var shares: [SplitPart: Double] {
        [.train: train, .validation: validation, .test: 1 - train - validation]
    }

    /// The group of an entry.
    public func groupKey(of entry: DatasetEntry) -> String { group.key(of: entry) }

    /// The side of an entry: by the first 53 bits of SHA-256(seed as 8 bytes, little-endian ‖ group), as a fraction.
    public func part(of entry: DatasetEntry) -> SplitPart {
        SplitShares.part(of: groupKey(of: entry), seed: seed, train: train, validation: validation)
    }

    /// The side of each entry.
    public func parts(of entries: [DatasetEntry]) -> [SplitPart?] { entries.map { part(of: $0) } }
}
