public import MLOpsCore

/// Finds pictures that look like each other: suspects of a leak or of a double, for a person to judge.
///
/// Two pictures are suspects when both of their hashes are near. Either hash alone takes flat pictures for each other;
/// the two fail on different ones.
public struct NearDuplicates: Sendable, Hashable, Codable {
    /// Two pictures that look alike.
    public struct Pair: Sendable, Hashable, Codable {
        /// The id of the first; on the first side, when there are two.
        public var first: String
        /// The id of the second.
        public var second: String
        /// The number of bits in which their difference hashes differ.
        public var distance: Int
        /// The number of bits in which their perceptual hashes differ.
        public var perceptualDistance: Int
    }

    /// The most bits in which the difference hashes of suspects differ, 0…15.
    public let threshold: Int
    /// The most bits in which the perceptual hashes of suspects differ, 0…64.
    public let perceptualThreshold: Int

    /// Makes a finder; throws `invalidArgument` for thresholds out of their ranges.
    public init(threshold: Int = 4, perceptualThreshold: Int = 10) throws {
        guard (0...HammingIndex.maxDistance).contains(threshold), (0...64).contains(perceptualThreshold) else {
            throw MLOpsError(
                .invalidArgument, "The thresholds \(threshold) and \(perceptualThreshold) are not 0…15 and 0…64.",
                help: "Give the bits that may differ.")
        }
        self.threshold = threshold
        self.perceptualThreshold = perceptualThreshold
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

    /// All suspects between two sides, nearest first, then by ids.
    public func pairs(_ first: [PictureFingerprint], _ second: [PictureFingerprint]) throws -> [Pair] {
        let index = try HammingIndex(first.map(\.difference.bits))
        return try second.flatMap { print in
            try index.neighbors(of: print.difference.bits, within: threshold).compactMap {
                pair(first[$0.place], print, distance: $0.distance)
            }
        }.sorted(by: Self.isNearer)
    }

    /// All suspects among pictures, nearest first, then by ids.
    ///
    /// - Throws: ``MLOpsError`` with `limitExceeded` for more than a million.
    public func pairs(among prints: [PictureFingerprint]) throws -> [Pair] {
        try HammingIndex(prints.map(\.difference.bits)).pairs(within: threshold).compactMap {
            pair(prints[$0.first], prints[$0.second], distance: $0.distance)
        }.sorted(by: Self.isNearer)
    }

    private func pair(_ a: PictureFingerprint, _ b: PictureFingerprint, distance: Int) -> Pair? {
        let perceptual = a.perceptual.distance(to: b.perceptual)
        return perceptual <= perceptualThreshold
            ? Pair(first: a.id, second: b.id, distance: distance, perceptualDistance: perceptual) : nil
    }

    private static func isNearer(_ a: Pair, _ b: Pair) -> Bool {
        (a.distance + a.perceptualDistance, a.first, a.second) < (b.distance + b.perceptualDistance, b.first, b.second)
    }
}
