internal import MLOpsCore

/// Finds hashes that differ in few bits among very many, without comparing each with each.
///
/// Each hash is filed under its four bands of 16 bits. Two hashes that differ in d bits differ in at most d / 4 of some
/// band, so that it is enough to look under the bands' near values. Source: M. Norouzi, A. Punjani, D. J. Fleet, "Fast
/// search in Hamming space with multi-index hashing", CVPR 2012.
public struct HammingIndex: Sendable {
    /// Two hashes, by their places, and the number of bits in which they differ.
    public struct Pair: Sendable, Hashable {
        /// The place of the first, below that of the second.
        public var first: Int
        /// The place of the second.
        public var second: Int
        /// The number of bits that differ.
        public var distance: Int

        /// Pairs two places.
        public init(first: Int, second: Int, distance: Int) {
            self.first = first
            self.second = second
            self.distance = distance
        }
    }

    /// The largest distance that can be asked for.
    public static let maxDistance = 15

    private let hashes: [UInt64]
    /// For each band, where each of its 2¹⁶ values begins in `members`.
    private let starts: [[Int32]]
    /// For each band, the places of the hashes in the order of the band's value.
    private let members: [[Int32]]

    /// Files hashes; throws `limitExceeded` for 2³¹ or more of them.
    public init(_ hashes: [UInt64]) throws {
        guard hashes.count < Int32.max else {
            throw MLOpsError(
                .limitExceeded, "\(hashes.count) hashes are too many for one index.", help: "Index fewer at a time.")
        }
        self.hashes = hashes
        var starts: [[Int32]] = []
        var members: [[Int32]] = []
        for band in 0..<4 {
            var start = [Int32](repeating: 0, count: 65_537)
            for hash in hashes { start[Self.value(hash, band) + 1] += 1 }
            for value in 0..<65_536 { start[value + 1] += start[value] }
            var next = start
            var member = [Int32](repeating: 0, count: hashes.count)
            for (place, hash) in hashes.enumerated() {
                let value = Self.value(hash, band)
                member[Int(next[value])] = Int32(place)
                next[value] += 1
            }
            starts.append(start)
            members.append(member)
        }
        self.starts = starts
        self.members = members
    }

    /// The places of the hashes within a distance of one, in ascending order.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a distance that is not 0…15.
    public func neighbors(of hash: UInt64, within distance: Int) throws -> [(place: Int, distance: Int)] {
        let flips = try Self.flips(for: distance)
        var found: [(place: Int, distance: Int)] = []
        visit(hash, distance, flips, from: 0) { found.append(($0, $1)) }
        return found.sorted { $0.place < $1.place }
    }

    /// All pairs within a distance, by their places.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a distance that is not 0…15, `limitExceeded` for more than
    ///   `limit` pairs: a thousand equal hashes alone make half a million.
    public func pairs(within distance: Int, limit: Int = 1_000_000) throws -> [Pair] {
        let flips = try Self.flips(for: distance)
        var found: [Pair] = []
        for (place, hash) in hashes.enumerated() {
            visit(hash, distance, flips, from: place + 1) { found.append(Pair(first: place, second: $0, distance: $1)) }
            guard found.count <= limit else {
                throw MLOpsError(
                    .limitExceeded,
                    "More than \(limit) pairs of \(hashes.count) hashes differ in at most \(distance) bits.",
                    help: "Lower the distance, drop records with equal bytes first, or raise the limit.")
            }
        }
        return found.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }

    /// Calls `body` once with each place, from one on, within the distance.
    private func visit(
        _ hash: UInt64, _ distance: Int, _ flips: [Int], from least: Int, _ body: (Int, Int) -> Void
    ) {
        let radius = distance / 4
        for band in 0..<4 {
            let value = Self.value(hash, band)
            for flip in flips {
                let near = value ^ flip
                for at in Int(starts[band][near])..<Int(starts[band][near + 1]) {
                    let place = Int(members[band][at])
                    guard place >= least else { continue }
                    let difference = hash ^ hashes[place]
                    guard difference.nonzeroBitCount <= distance else { continue }
                    // Found already under an earlier band that is near too.
                    if (0..<band).contains(where: { Self.value(difference, $0).nonzeroBitCount <= radius }) { continue }
                    body(place, difference.nonzeroBitCount)
                }
            }
        }
    }

    private static func value(_ hash: UInt64, _ band: Int) -> Int { Int(hash >> UInt64(16 * band) & 0xFFFF) }

    /// The bits of a band to flip: all values with at most a quarter of the distance set.
    private static func flips(for distance: Int) throws -> [Int] {
        guard (0...maxDistance).contains(distance) else {
            throw MLOpsError(
                .invalidArgument, "The distance \(distance) is not 0…\(maxDistance).",
                help: "Give the bits that may differ.")
        }
        return (0..<65_536).filter { $0.nonzeroBitCount <= distance / 4 }
    }
}
