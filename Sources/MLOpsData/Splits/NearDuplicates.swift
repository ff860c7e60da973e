public import MLOpsCore

/// Finds pictures that look like each other: suspects of a leak or of a double, for a person to judge.
///
/// Two pictures are suspects when their two hashes together, 128 bits, differ in few. Either hash alone takes flat
/// pictures for each other; the two fail on different ones.
public struct NearDuplicates: Sendable, Hashable, Codable {
    /// Two pictures that look alike.
    public struct Pair: Sendable, Hashable, Codable {
        /// The id of the first; on the first side, when there are two.
        public var first: String
        /// The id of the second.
        public var second: String
        /// The number of bits in which both of their hashes differ together, 0…128.
        public var distance: Int
    }

    /// The most of 128 bits in which suspects differ, 0…31.
    ///
    /// A picture saved again is within 4 or so. Of the 263 million pairs of 22,919 photographs of pets, one was within the
    /// usual 16: two views of one cat in one place; from 21 on, pairs of different animals come in.
    public let threshold: Int

    /// Makes a finder; throws `invalidArgument` for a threshold that is not 0…31.
    public init(threshold: Int = 16) throws {
        guard (0...2 * HammingIndex.maxDistance + 1).contains(threshold) else {
            throw MLOpsError(
                .invalidArgument, "The threshold \(threshold) is not 0…31.", help: "Give the bits that may differ.")
        }
        self.threshold = threshold
    }

    /// Reads a finder; throws as ``init(threshold:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(threshold: container.decode(Int.self, forKey: .threshold))
    }

    /// The suspects between train and test of a split, nearest first.
    ///
    /// - Throws: what ``PictureFingerprint/all(of:in:decoder:progress:)`` throws.
    public func suspects(
        in split: DatasetSplit, of store: DatasetStore, decoder: ImageDecoder = ImageDecoder(),
        progress: any ProgressSink = SilentProgress()
    ) async throws -> [Pair] {
        let train = split.entries(of: .train)
        let prints = try await PictureFingerprint.all(
            of: train + split.entries(of: .test), in: store, decoder: decoder, progress: progress)
        return try pairs(Array(prints.prefix(train.count)), Array(prints.dropFirst(train.count)))
    }

    // Of two hashes that differ in at most `threshold` bits together, one differs in at most half as many.

    /// All suspects between two sides, nearest first, then by ids.
    ///
    /// - Throws: ``MLOpsError`` with `limitExceeded` for more than a million.
    public func pairs(_ first: [PictureFingerprint], _ second: [PictureFingerprint]) throws -> [Pair] {
        let difference = try HammingIndex(first.map(\.difference.bits))
        let perceptual = try HammingIndex(first.map(\.perceptual.bits))
        var found: [Pair] = []
        for print in second {
            let near = try difference.neighbors(of: print.difference.bits, within: threshold / 2)
            let also = try perceptual.neighbors(of: print.perceptual.bits, within: threshold / 2)
            found += Set((near + also).map(\.place)).compactMap { pair(first[$0], print) }
            guard found.count <= 1_000_000 else {
                throw MLOpsError(
                    .limitExceeded, "More than a million of \(first.count) by \(second.count) pictures look alike.",
                    help: "Lower the threshold, or leave out pictures with nothing in them, such as dark frames.")
            }
        }
        return found.sorted(by: Self.isNearer)
    }

    /// All suspects among pictures, nearest first, then by ids.
    ///
    /// - Throws: ``MLOpsError`` with `limitExceeded` for more than a million that either hash alone suspects.
    public func pairs(among prints: [PictureFingerprint]) throws -> [Pair] {
        let near = try HammingIndex(prints.map(\.difference.bits)).pairs(within: threshold / 2)
        let also = try HammingIndex(prints.map(\.perceptual.bits)).pairs(within: threshold / 2)
        return Set((near + also).map { [$0.first, $0.second] }).compactMap { pair(prints[$0[0]], prints[$0[1]]) }
            .sorted(by: Self.isNearer)
    }

    private func pair(_ a: PictureFingerprint, _ b: PictureFingerprint) -> Pair? {
        let distance = a.difference.distance(to: b.difference) + a.perceptual.distance(to: b.perceptual)
        return distance <= threshold ? Pair(first: a.id, second: b.id, distance: distance) : nil
    }

    private static func isNearer(_ a: Pair, _ b: Pair) -> Bool {
        (a.distance, a.first, a.second) < (b.distance, b.first, b.second)
    }
}
