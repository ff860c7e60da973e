import MLOpsCore
import MLOpsData
import Testing

@Suite("Drawing samples") struct SamplingTests {
    /// Pearson's statistic of counts against expected ones.
    private func chiSquare(_ counts: [Int], _ expected: [Double]) -> Double {
        zip(counts, expected).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) / $1.1 }
    }

    @Test("Every element of a stream has the same chance to stay in the reservoir") func reservoir() throws {
        var counts = [Int](repeating: 0, count: 20)
        for seed in 0..<4000 {
            var reservoir = try Reservoir<Int>(capacity: 5, seed: UInt64(seed))
            for i in 0..<20 { reservoir.add(i) }
            #expect(reservoir.elements.count == 5 && reservoir.count == 20)
            for i in reservoir.elements { counts[i] += 1 }
        }
        // 19 degrees of freedom: beyond 43.8 once in a thousand. Elements of a sample exclude each other, which makes the
        // statistic smaller.
        #expect(chiSquare(counts, [Double](repeating: 1000, count: 20)) < 43.8)
        var short = try Reservoir<String>(capacity: 5, seed: 1)
        short.add("only")
        #expect(short.elements == ["only"])
        #expect(throws: MLOpsError.self) { try Reservoir<Int>(capacity: 0, seed: 1) }
    }

    @Test("The first draw is in proportion to the weights, and the second to those that are left") func weighted()
        throws
    {
        let weights = [1.0, 2, 3, 4, 0]
        var firsts = [Int](repeating: 0, count: 5)
        var seconds = [Int](repeating: 0, count: 5)
        for seed in 0..<10_000 {
            let drawn = try Sampling.weighted(weights, count: 2, seed: UInt64(seed))
            firsts[drawn[0]] += 1
            seconds[drawn[1]] += 1
        }
        var second = [Double](repeating: 0, count: 4)
        for first in 0..<4 {
            let left = 10 - weights[first]
            for next in 0..<4 where next != first { second[next] += 1000 * weights[first] * weights[next] / left }
        }
        #expect(firsts[4] == 0 && seconds[4] == 0)
        // 3 degrees of freedom: beyond 16.3 once in a thousand.
        #expect(chiSquare(Array(firsts.prefix(4)), [1000, 2000, 3000, 4000]) < 16.3)
        #expect(chiSquare(Array(seconds.prefix(4)), second) < 16.3)
        #expect(try Sampling.weighted([1e-300, 1e-300], count: 5, seed: 1).count == 2)
        #expect(throws: MLOpsError.self) { try Sampling.weighted([-1], count: 1, seed: 1) }
        #expect(throws: MLOpsError.self) { try Sampling.weighted([.nan], count: 1, seed: 1) }
    }

    @Test("A stratified sample has the strata's shares to within one, and each example the same chance")
    func stratified() throws {
        let strata = (0..<100).map { $0 < 57 ? "a" : $0 < 90 ? "b" : "c" }
        var counts = [Int](repeating: 0, count: 100)
        for seed in 0..<2000 {
            let drawn = try Sampling.stratified(strata, count: 20, seed: UInt64(seed))
            #expect(Set(drawn).count == 20)
            for (name, share) in [("a", 11.4), ("b", 6.6), ("c", 2.0)] {
                #expect(abs(Double(drawn.count { strata[$0] == name }) - share) < 1)
            }
            for i in drawn { counts[i] += 1 }
        }
        let inA = Double(counts[..<57].reduce(0, +)) / 57
        // 56 degrees of freedom: beyond 94.5 once in a thousand.
        #expect(chiSquare(Array(counts[..<57]), [Double](repeating: inA, count: 57)) < 94.5)
        #expect(try Sampling.stratified(strata, count: 100, seed: 1) == Array(0..<100))
        #expect(throws: MLOpsError.self) { try Sampling.stratified(strata, count: 101, seed: 1) }
        #expect(throws: MLOpsError.self) { try Sampling.stratified([], count: 0, seed: 1) }
    }

    @Test("Balanced draws give each class the same chance, and each example of a class") func balanced() throws {
        let classes = (0..<50).map { $0 < 45 ? "many" : "few" }
        let drawn = try Sampling.balanced(classes, draws: 20_000, seed: 3)
        let counts = drawn.reduce(into: [Int](repeating: 0, count: 50)) { $0[$1] += 1 }
        let expected = (0..<50).map { $0 < 45 ? 10_000.0 / 45 : 2000 }
        // 49 degrees of freedom: beyond 85.4 once in a thousand.
        #expect(chiSquare(counts, expected) < 85.4)
        #expect(try drawn == Sampling.balanced(classes, draws: 20_000, seed: 3))
        #expect(throws: MLOpsError.self) { try Sampling.balanced([], draws: 1, seed: 1) }
        #expect(throws: MLOpsError.self) { try Sampling.balanced(classes, draws: 0, seed: 1) }
    }

    @Test("The examples that a model is least sure of come first", arguments: Sampling.Uncertainty.allCases)
    func uncertain(uncertainty: Sampling.Uncertainty) throws {
        let rows = [[0.9, 0.05, 0.05], [0.34, 0.33, 0.33], [0.5, 0.5, 0], [0.6, 0.2, 0.2], [1, 0, 0]]
        let order = try Sampling.uncertain(rows, count: 5, by: uncertainty)
        switch uncertainty {
        case .leastConfidence: #expect(order == [1, 2, 3, 0, 4])
        case .margin: #expect(order == [2, 1, 3, 0, 4])
        case .entropy: #expect(order == [1, 3, 2, 0, 4])
        }
        #expect(throws: MLOpsError.self) { try Sampling.uncertain(rows, count: 6) }
    }

    @Test("Each diverse example is the farthest from those before it, and covers at most twice the best") func diverse()
        throws
    {
        var chance = SeededGenerator(seed: 6)
        let centers = [(0.0, 0.0), (10, 0), (0, 10), (10, 10)]
        let points = (0..<200).map { i in
            [centers[i % 4].0 + chance.normal() / 5, centers[i % 4].1 + chance.normal() / 5]
        }
        let chosen = try Sampling.diverse(points, count: 4, seed: 1)
        #expect(Set(chosen.map { $0 % 4 }).count == 4)
        let more = try Sampling.diverse(points, count: 3, labeled: [0], seed: 1)
        #expect(Set(more.map { $0 % 4 }) == [1, 2, 3])
        #expect(try Sampling.diverse([[0], [0], [0]], count: 3, seed: 1).sorted() == [0, 1, 2])
        #expect(throws: MLOpsError.self) { try Sampling.diverse(points, count: 200, labeled: [0], seed: 1) }
        #expect(throws: MLOpsError.self) { try Sampling.diverse(points, count: 1, labeled: [200], seed: 1) }
        #expect(throws: MLOpsError.self) { try Sampling.diverse([[1], [1, 2]], count: 1, seed: 1) }
    }
}
