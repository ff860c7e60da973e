import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Finding near duplicates") struct NearDuplicatesTests {
    @Test("A hash says whether pixels brighten from left to right") func hashes() throws {
        let rising = (0..<72).flatMap { i in [UInt8](repeating: UInt8(i % 9 * 20), count: 3) }
        let image = try Image(width: 9, height: 8, pixels: rising)
        #expect(DifferenceHash(of: image).bits == .max)
        #expect(DifferenceHash(of: image.flippedHorizontally()).bits == 0)
        #expect(DifferenceHash(bits: 0x0123).hex == "0000000000000123")
    }

    private struct KnownHashes: Codable {
        var difference: String
        var perceptual: String
        /// How many frequencies are the median but for rounding.
        var ties: Int
    }

    @Test("Hashes of the same pixels have the bits of imagehash's, but for frequencies that are zero by rounding only")
    func agreesWithImagehash() throws {
        let known = try JSONDecoder().decode([String: KnownHashes].self, from: Fixture.bytes("quality/hashes.json"))
        for (name, hashes) in known.sorted(by: { $0.key < $1.key }) {
            let image = try Fixture.pixmap("images/" + name)
            #expect(DifferenceHash(of: image).hex == hashes.difference, "\(name)")
            let wanted = try #require(UInt64(hashes.perceptual, radix: 16))
            let distance = PerceptualHash(of: image).distance(to: PerceptualHash(bits: wanted))
            #expect(distance <= hashes.ties, "\(name): \(distance)")
        }
        #expect(known.values.filter { $0.ties == 0 }.count > 20)
    }

    @Test("The index finds the pairs that comparing all finds", arguments: [0, 1, 4, 9, 15])
    func findsAllPairs(distance: Int) throws {
        var chance = SeededGenerator(seed: 5)
        var hashes = (0..<300).map { _ in chance.next() }
        for i in 0..<300 {
            var bits = hashes[i]
            for _ in 0..<i % 20 { bits ^= 1 << UInt64(chance.integer(below: 64)) }
            hashes.append(bits)
        }
        let index = try HammingIndex(hashes)
        let found = try index.pairs(within: distance)
        var expected: [HammingIndex.Pair] = []
        for i in hashes.indices {
            for j in hashes.indices where j > i {
                let bits = (hashes[i] ^ hashes[j]).nonzeroBitCount
                if bits <= distance { expected.append(.init(first: i, second: j, distance: bits)) }
            }
        }
        #expect(found == expected && !expected.isEmpty)
        for i in [0, 7, 450] {
            let near = try index.neighbors(of: hashes[i], within: distance).map(\.place)
            #expect(near == hashes.indices.filter { (hashes[$0] ^ hashes[i]).nonzeroBitCount <= distance })
        }
        #expect(throws: MLOpsError.self) { try index.pairs(within: 16) }
        #expect(throws: MLOpsError.self) { try index.neighbors(of: 0, within: -1) }
    }

    @Test("More pairs than the limit are refused, not collected") func limitsPairs() throws {
        let index = try HammingIndex([UInt64](repeating: 7, count: 100))
        #expect(try index.pairs(within: 0).count == 4950)
        #expect(#expect(throws: MLOpsError.self) { try index.pairs(within: 0, limit: 4949) }?.code == .limitExceeded)
        #expect(try HammingIndex([]).pairs(within: 3).isEmpty)
    }

    @Test("Suspects are the pairs whose hashes together are near, whichever of the two is nearer")
    func sumsBothHashes() throws {
        var chance = SeededGenerator(seed: 3)
        var prints: [PictureFingerprint] = []
        for i in 0..<120 {
            var print = PictureFingerprint(
                id: "\(i)", difference: DifferenceHash(bits: chance.next()),
                perceptual: PerceptualHash(bits: chance.next()))
            if i % 2 == 1 {
                // Up to 18 bits of one hash and up to 6 of the other.
                let bits = (0..<2).map { k in
                    (0..<(k == i / 2 % 2 ? i % 19 : i % 7)).reduce(UInt64(0)) { mask, _ in
                        mask | 1 << UInt64(chance.integer(below: 64))
                    }
                }
                print.difference = DifferenceHash(bits: prints[i - 1].difference.bits ^ bits[0])
                print.perceptual = PerceptualHash(bits: prints[i - 1].perceptual.bits ^ bits[1])
            }
            prints.append(print)
        }
        for threshold in [0, 5, 16, 31] {
            let finder = try NearDuplicates(threshold: threshold)
            let wanted = (0..<60).filter { i in
                let (a, b) = (prints[2 * i], prints[2 * i + 1])
                return a.difference.distance(to: b.difference) + a.perceptual.distance(to: b.perceptual) <= threshold
            }
            let among = try finder.pairs(among: prints)
            #expect(Set(among.map { [$0.first, $0.second] }) == Set(wanted.map { ["\(2 * $0)", "\(2 * $0 + 1)"] }))
            let sides = [0, 1].map { side in prints.enumerated().filter { $0.offset % 2 == side }.map(\.element) }
            #expect(try finder.pairs(sides[0], sides[1]) == among)
        }
        for threshold in [-1, 32] {
            #expect(throws: MLOpsError.self) { try NearDuplicates(threshold: threshold) }
        }
    }

    @Test("Planted pairs are found among a hundred thousand hashes", arguments: [4, 8]) func isFast(distance: Int)
        throws
    {
        var chance = SeededGenerator(seed: 9)
        var hashes = (0..<100_000).map { _ in chance.next() }
        for i in stride(from: 0, to: 100_000, by: 500) {
            hashes[i + 250] = hashes[i]
            for bit in 0..<distance { hashes[i + 250] ^= 1 << UInt64((i / 500 + 7 * bit) % 64) }
        }
        let found = try HammingIndex(hashes).pairs(within: distance)
        let planted = stride(from: 0, to: 100_000, by: 500).map {
            HammingIndex.Pair(first: $0, second: $0 + 250, distance: distance)
        }
        #expect(Set(found).isSuperset(of: planted) && found.count < 220)
    }

    /// Forty pictures, of which 20…39 are 0…19 saved again at another quality.
    static func resaved(in store: DatasetStore) async throws -> DatasetVersion {
        var entries: [DatasetEntry] = []
        for i in 0..<40 {
            var chance = SeededGenerator(seed: UInt64(i % 20))
            let blocks = try Image(
                width: 9, height: 8, pixels: (0..<216).map { _ in UInt8(chance.integer(below: 256)) })
            let image = try blocks.resized(width: 90, height: 80)
            let digest = try await store.store(image.jpeg(quality: i < 20 ? 95 : 70))
            entries.append(DatasetEntry(id: "\(i)", digest: digest, label: i % 2 == 0 ? "x" : "y"))
        }
        return try DatasetVersion(entries: entries)
    }

    @Test("A picture saved again at another quality is a suspect across the split, and the gate refuses it")
    func findsResaved() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let version = try await Self.resaved(in: store)
            let split = try Split(seed: 1, train: 0.5, group: .id)(version)
            let finder = try NearDuplicates()
            let suspects = try await finder.suspects(in: split, of: store)
            let train = Set(split.entries(of: .train).map(\.id))
            let twins = (0..<20).filter { train.contains("\($0)") != train.contains("\($0 + 20)") }
            let wanted = Set(twins.map { Set(["\($0)", "\($0 + 20)"]) })
            #expect(!twins.isEmpty)
            #expect(Set(suspects.map { Set([$0.first, $0.second]) }) == wanted)

            let prints = try await PictureFingerprint.all(of: version.entries, in: store)
            let leaks = try split.gate.leaks(in: split, prints, nearer: finder)
            #expect(leaks.allSatisfy { $0.kind == .nearDuplicate })
            #expect(Set(leaks.map { Set([$0.first, $0.second]) }) == wanted)
            let error = #expect(throws: MLOpsError.self) { try split.gate.check(split, prints, nearer: finder) }
            #expect(error?.code == .gateRefused && error?.message.contains("look alike") == true)
            // What nobody has looked at is not let through.
            let missing = #expect(throws: MLOpsError.self) {
                try split.gate.check(split, Array(prints.dropLast()), nearer: finder)
            }
            #expect(missing?.code == .invalidArgument && missing?.message.contains("fingerprint") == true)
            #expect(Set(try finder.pairs(among: prints).map { Set([$0.first, $0.second]) }).count == 20)

            var apart = version.entries
            for i in apart.indices {
                apart[i].attributes["original"] = "\((Int(apart[i].id) ?? 0) % 20)"
            }
            let grouped = try Split(seed: 1, train: 0.5, group: .attribute("original"))(DatasetVersion(entries: apart))
            #expect(throws: Never.self) { try grouped.gate.check(grouped, prints, nearer: finder) }
        }
    }
}
