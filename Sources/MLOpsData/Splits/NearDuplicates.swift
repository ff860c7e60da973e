public import MLOpsCore

/// Finds pictures of one side that look like pictures of the other: suspects of a leak, for a person to judge.
public struct NearDuplicates: Sendable, Hashable {
    /// Two pictures that look alike.
    public struct Pair: Sendable, Hashable {
        /// The id on the first side.
        public var first: String
        /// The id on the second side.
        public var second: String
        /// The number of bits in which their hashes differ.
        public var distance: Int
    }

    /// The most bits in which the hashes of suspects differ, 0…15.
    public let threshold: Int

    /// Makes a finder; throws `invalidArgument` for a threshold that is not 0…15.
    public init(threshold: Int = 4) throws {
        guard (0...15).contains(threshold) else {
            throw MLOpsError(
                .invalidArgument, "The threshold \(threshold) is not 0…15.", help: "Give the bits that may differ.")
        }
        self.threshold = threshold
    }

    /// The suspects between train and test of a split, nearest first.
    public func suspects(
        in split: DatasetSplit, of store: DatasetStore, decoder: ImageDecoder = ImageDecoder(),
        progress: any ProgressSink = SilentProgress()
    ) async throws -> [Pair] {
        var hashes: [SplitPart: [(id: String, hash: DifferenceHash)]] = [:]
        let total = split.entries(of: .train).count + split.entries(of: .test).count
        var done = 0
        for part in [SplitPart.train, .test] {
            let entries = split.entries(of: part)
            for start in stride(from: 0, to: entries.count, by: 256) {
                let some = entries[start..<min(start + 256, entries.count)]
                hashes[part, default: []] += try await withThrowingTaskGroup(of: (Int, DifferenceHash).self) { group in
                    for (i, entry) in some.enumerated() {
                        group.addTask {
                            let bytes = try await store.bytes(of: entry)
                            return (i, DifferenceHash(of: try decoder.decode(bytes, atLeast: (width: 72, height: 64))))
                        }
                    }
                    var found = [DifferenceHash](repeating: DifferenceHash(bits: 0), count: some.count)
                    for try await (i, hash) in group { found[i] = hash }
                    return zip(some, found).map { ($0.id, $1) }
                }
                done += some.count
                progress.report(ProgressUpdate("Hashing pictures", completed: done, total: total))
            }
        }
        return pairs(hashes[.train] ?? [], hashes[.test] ?? [])
    }

    /// All pairs within the threshold, nearest first, then by ids.
    ///
    /// The 64 bits are cut into threshold + 1 bands. Hashes that differ in at most `threshold` bits are equal in at
    /// least one band, so only those that share a band are compared.
    public func pairs(
        _ first: [(id: String, hash: DifferenceHash)], _ second: [(id: String, hash: DifferenceHash)]
    ) -> [Pair] {
        var found: Set<Pair> = []
        let count = threshold + 1
        for band in 0..<count {
            let (low, high) = (64 * band / count, 64 * (band + 1) / count)
            let mask = (high - low == 64 ? ~0 : (UInt64(1) << UInt64(high - low)) - 1) << UInt64(low)
            let byBand = Dictionary(grouping: first.indices) { first[$0].hash.bits & mask }
            for (id, hash) in second {
                for i in byBand[hash.bits & mask] ?? [] {
                    let distance = first[i].hash.distance(to: hash)
                    if distance <= threshold { found.insert(Pair(first: first[i].id, second: id, distance: distance)) }
                }
            }
        }
        return found.sorted { ($0.distance, $0.first, $0.second) < ($1.distance, $1.first, $1.second) }
    }
}
