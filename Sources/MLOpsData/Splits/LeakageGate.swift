internal import MLOpsCore

/// Refuses parts of a dataset that share what they must not: the same bytes, the same group, frames of one camera that
/// follow each other closely, or pictures that look alike.
public struct LeakageGate: Sendable, Hashable, Codable {
    /// What must not be on two sides, beside equal bytes.
    public var group: Split.Group
    /// How near frames of one camera may not be; `nil` to not look at times.
    public var adjacency: FrameAdjacency?

    /// Makes a gate.
    public init(group: Split.Group = .content, adjacency: FrameAdjacency? = nil) {
        self.group = group
        self.adjacency = adjacency
    }

    /// Checks the parts of a split by what the version says of its records.
    ///
    /// - Throws: ``MLOpsError`` with `gateRefused`, naming the first pairs; `invalidArgument` for a frame without a time.
    public func check(_ split: DatasetSplit) throws { try Self.refuse(leaks(among: Self.sides(of: split))) }

    /// Checks the parts of a split of pictures, by what they look like too.
    ///
    /// - Parameter prints: the fingerprints of the version's pictures; see ``PictureFingerprint/all(of:in:decoder:progress:)``.
    /// - Throws: as ``check(_:)``.
    public func check(_ split: DatasetSplit, _ prints: [PictureFingerprint], nearer finder: NearDuplicates) throws {
        try Self.refuse(leaks(in: split, prints, nearer: finder))
    }

    /// Checks two sides, from wherever they come.
    ///
    /// - Throws: as ``check(_:)``.
    public func check(
        _ first: [DatasetEntry], named name: String, against second: [DatasetEntry], named other: String
    ) throws {
        try Self.refuse(leaks(among: [(name, first), (other, second)]))
    }

    /// All leaks of a split of pictures: first equal bytes and groups, then adjacent frames, then near duplicates that
    /// are not among those.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a frame without a time, or an entry without a fingerprint;
    ///   `limitExceeded` as ``NearDuplicates/pairs(_:_:)``.
    public func leaks(
        in split: DatasetSplit, _ prints: [PictureFingerprint], nearer finder: NearDuplicates
    ) throws -> [Leak] {
        let sides = Self.sides(of: split)
        let found = try leaks(among: sides)
        let known = Set(found.map { Set([$0.first, $0.second]) })
        let byID = Dictionary(prints.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        let printed = try sides.map { side in
            let prints = try side.entries.map { entry in
                guard let print = byID[entry.id] else {
                    throw MLOpsError(
                        .invalidArgument, "There is no fingerprint of '\(entry.id)'.",
                        help: "Give those of all entries, as PictureFingerprint.all(of:in:) makes them.")
                }
                return print
            }
            return (name: side.name, prints: prints)
        }
        return try found
            + Self.pairs(of: printed).flatMap { a, b in
                try finder.pairs(a.prints, b.prints).map {
                    Leak(
                        .nearDuplicate, $0.first, a.name, $0.second, b.name,
                        distance: Double($0.distance))
                }
            }.filter { !known.contains(Set([$0.first, $0.second])) }
    }

    private func leaks(among sides: [(name: String, entries: [DatasetEntry])]) throws -> [Leak] {
        try Self.pairs(of: sides).flatMap { shared($0, $1) } + (adjacency?.leaks(among: sides) ?? [])
    }

    /// Each record of the second side that shares bytes or group with one of the first.
    private func shared(
        _ first: (name: String, entries: [DatasetEntry]), _ second: (name: String, entries: [DatasetEntry])
    ) -> [Leak] {
        var byDigest: [Digest: String] = [:]
        var byGroup: [String: String] = [:]
        for entry in first.entries {
            byDigest[entry.digest] = entry.id
            byGroup[group.key(of: entry)] = entry.id
        }
        return second.entries.compactMap { entry in
            if let twin = byDigest[entry.digest] { return Leak(.sameBytes, twin, first.name, entry.id, second.name) }
            return byGroup[group.key(of: entry)].map { Leak(.sameGroup, $0, first.name, entry.id, second.name) }
        }
    }

    private static func sides(of split: DatasetSplit) -> [(name: String, entries: [DatasetEntry])] {
        SplitPart.allCases.map { ($0.rawValue, split.entries(of: $0)) }
    }

    private static func pairs<Side>(of sides: [Side]) -> [(Side, Side)] {
        sides.indices.flatMap { i in sides[(i + 1)...].map { (sides[i], $0) } }
    }

    private static func refuse(_ leaks: [Leak]) throws {
        guard let first = leaks.first else { return }
        let isOnePair = leaks.allSatisfy { ($0.firstSide, $0.secondSide) == (first.firstSide, first.secondSide) }
        let sides = isOnePair ? "\(first.firstSide) and \(first.secondSide)" : "the parts"
        let some = leaks.prefix(5).map(\.description).joined(separator: "; ")
        throw MLOpsError(
            .gateRefused, "\(leaks.count) records leak between \(sides): \(some).",
            help: "Split by a group that keeps them together, or remove them from one side.")
    }
}
