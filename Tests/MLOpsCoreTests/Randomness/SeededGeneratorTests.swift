import MLOpsCore
import Testing

@Suite("SeededGenerator")
struct SeededGeneratorTests {
    /// The published first numbers of SplitMix64 from the state 1234567.
    @Test("the numbers are SplitMix64's, on every machine")
    func isSplitMix64() {
        var generator = SeededGenerator(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test("each path below a seed has numbers of its own")
    func separatesPaths() {
        var seen = Set<UInt64>()
        for epoch in 0..<40 as Range<UInt64> {
            for sample in 0..<40 as Range<UInt64> {
                var generator = SeededGenerator(seed: 1, epoch, sample)
                seen.insert(generator.next())
            }
        }
        #expect(seen.count == 1600)
        var (a, b) = (SeededGenerator(seed: 1, 2, 3), SeededGenerator(seed: 1, 3, 2))
        #expect(a.next() != b.next())
    }

    @Test("uniform numbers stay in their range and have the right mean")
    func isUniform() {
        var generator = SeededGenerator(seed: 2)
        let values = (0..<20_000).map { _ in generator.uniform() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 20_000 - 0.5) < 0.01)
        let scaled = (0..<1000).map { _ in generator.uniform(in: -2...3) }
        #expect(
            scaled.allSatisfy { (-2...3).contains($0) } && scaled.contains { $0 < -1 } && scaled.contains { $0 > 2 })
    }

    @Test("whole numbers below a bound are equally likely")
    func isFair() {
        var generator = SeededGenerator(seed: 3)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[generator.integer(below: 7)] += 1 }
        // χ² with 6 degrees of freedom stays below 22.5 with probability 0.999.
        let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        #expect(chiSquare < 22.5)
        #expect(generator.integer(below: 1) == 0)
    }

    @Test("shuffling keeps every element, and all orders of three come equally often")
    func shuffles() {
        var generator = SeededGenerator(seed: 4)
        #expect(generator.shuffled(Array(0..<100)).sorted() == Array(0..<100))
        #expect(generator.shuffled([Int]()).isEmpty)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<6000 { counts[generator.shuffled([0, 1, 2]), default: 0] += 1 }
        #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 150 })
    }

    @Test("normal numbers have mean 0, deviation 1 and the right tails")
    func isNormal() {
        var generator = SeededGenerator(seed: 5)
        let values = (0..<20_000).map { _ in generator.normal() }
        let mean = values.reduce(0, +) / 20_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.05)
        let beyond = Double(values.count { abs($0) > 1.959963984540054 }) / 20_000
        #expect(abs(beyond - 0.05) < 0.006)
        #expect(values.allSatisfy { $0.isFinite })
    }
}
