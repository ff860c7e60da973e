import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Sketching streams") struct SketchTests {
    private struct Known: Codable {
        var values: [Double]
        var mean: Double
        var variance: Double
        var skewness: Double
        var kurtosis: Double
        var shares: [Double]
        var quantiles: [Double]
        var rankError: Double
    }

    private func known() throws -> Known {
        try JSONDecoder().decode(Known.self, from: Fixture.bytes("quality/profile.json"))
    }

    @Test("Moments are NumPy's and SciPy's, in one part or merged of many") func moments() throws {
        let known = try known()
        var whole = Moments()
        var merged = Moments()
        for part in stride(from: 0, to: known.values.count, by: 77) {
            var piece = Moments()
            for value in known.values[part..<min(part + 77, known.values.count)] {
                whole.add(value)
                piece.add(value)
            }
            merged.merge(piece)
        }
        for found in [whole, merged] {
            #expect(found.count == 2000)
            #expect(abs(found.mean / known.mean - 1) < 1e-12)
            #expect(abs(found.variance / known.variance - 1) < 1e-12)
            #expect(abs(found.skewness / known.skewness - 1) < 1e-10)
            #expect(abs(found.excessKurtosis / known.kurtosis - 1) < 1e-10)
        }
        #expect(Moments().variance == 0 && Moments().skewness == 0)
    }

    @Test("Quantiles are NumPy's to within the stated error of rank, which is that of datasketches") func quantiles()
        throws
    {
        let known = try known()
        var sketch = try KLLSketch(k: 200)
        for value in known.values { sketch.add(value) }
        #expect(abs(sketch.rankError - known.rankError) < 5e-4)
        let sorted = known.values.sorted()
        for (share, exact) in zip(known.shares, known.quantiles) {
            let found = try #require(sketch.quantile(share))
            let rank = Double(sorted.count { $0 <= found }) / Double(sorted.count)
            #expect(abs(rank - share) <= sketch.rankError, "quantile \(share): \(found), NumPy's \(exact)")
        }
        #expect(sketch.quantile(0) == sorted.first && sketch.quantile(1) == sorted.last)
        #expect(try KLLSketch().quantile(0.5) == nil)
        #expect(throws: MLOpsError.self) { try KLLSketch(k: 7) }
    }

    /// Numbers in an order that is hard for a sketch in its way.
    private static let streams: [(String, @Sendable (Int, inout SeededGenerator) -> Double)] = [
        ("ascending", { i, _ in Double(i) }), ("descending", { i, _ in Double(-i) }),
        ("uniform", { _, chance in chance.uniform() }), ("normal", { _, chance in chance.normal() }),
        ("few values", { _, chance in Double(chance.integer(below: 9)) }),
        ("saw", { i, _ in Double(i % 1000) }),
    ]

    @Test(
        "Of a hundred thousand numbers in six orders, ranks stay within the error, whole and merged, in little memory")
    func staysWithinError() throws {
        for (name, next) in Self.streams {
            var chance = SeededGenerator(seed: 1)
            let values = (0..<100_000).map { next($0, &chance) }
            var whole = try KLLSketch(k: 200)
            for value in values { whole.add(value) }
            var merged = try KLLSketch(k: 200)
            for part in stride(from: 0, to: values.count, by: 3333) {
                var piece = try KLLSketch(k: 200)
                for value in values[part..<min(part + 3333, values.count)] { piece.add(value) }
                merged.merge(piece)
            }
            let sorted = values.sorted()
            for sketch in [whole, merged] {
                #expect(sketch.count == values.count)
                var worst = 0.0
                for share in stride(from: 0.02, to: 1, by: 0.02) {
                    let value = sorted[Int(share * Double(sorted.count))]
                    let exact = Double(upperBound(of: value, in: sorted)) / Double(sorted.count)
                    worst = max(worst, abs(sketch.share(atMost: value) - exact))
                }
                #expect(worst <= sketch.rankError, "\(name): \(worst)")
                #expect(try CanonicalJSON.encode(sketch).count < 20_000)
            }
            #expect(merged.minimum == sorted.first && merged.maximum == sorted.last)
        }
    }

    private func upperBound(of value: Double, in sorted: [Double]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    @Test("Distinct counts are within four standard errors from 1 to 300,000, and a merge is the sketch of all")
    func distinct() throws {
        var whole = try HyperLogLog()
        var parts = try [HyperLogLog(), HyperLogLog()]
        var next = 0
        for count in [1, 10, 100, 1000, 10_000, 100_000, 300_000] {
            while next < count {
                whole.add(.text("value \(next)"))
                parts[next % 2].add(.text("value \(next)"))
                // Seen again, in the other part too.
                if next % 5 == 0 { parts[(next + 1) % 2].add(.text("value \(next)")) }
                next += 1
            }
            let error = abs(whole.estimate / Double(count) - 1)
            #expect(error <= max(4 * whole.standardError, 1e-3), "\(count): \(whole.estimate)")
        }
        try parts[0].merge(parts[1])
        #expect(parts[0] == whole)
        #expect(try HyperLogLog().estimate == 0)
        #expect(throws: MLOpsError.self) { try HyperLogLog(precision: 3) }
        #expect(throws: MLOpsError.self) { try whole.merge(HyperLogLog(precision: 10)) }
    }

    @Test("Frequent items are counted within the stated error, whole and merged") func frequentItems() throws {
        var chance = SeededGenerator(seed: 2)
        // Zipf-like: small numbers come most often.
        let values = (0..<20_000).map { _ in "\(Int(1 / (chance.uniform() + 0.0005)))" }
        let exact = values.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        var whole = try FrequentItems(capacity: 50)
        var parts = try [FrequentItems(capacity: 50), FrequentItems(capacity: 50), FrequentItems(capacity: 50)]
        for (i, value) in values.enumerated() {
            whole.add(value)
            parts[i % 3].add(value)
        }
        var merged = parts[0]
        merged.merge(parts[1])
        merged.merge(parts[2])
        for sketch in [whole, merged] {
            #expect(sketch.error <= values.count / 51 && sketch.error > 0)
            #expect(sketch.items.count <= 50)
            let counts = Dictionary(uniqueKeysWithValues: sketch.items.map { ($0.value, $0.count) })
            for (value, count) in exact {
                #expect((count - sketch.error...count).contains(counts[value] ?? 0) || (counts[value] ?? 0) == 0)
                if count > sketch.error { #expect(counts[value] != nil) }
            }
        }
        var few = try FrequentItems(capacity: 3)
        for value in ["a", "b", "a", "c"] { few.add(value) }
        #expect(few.error == 0 && few.items.first == .init(value: "a", count: 2))
        #expect(throws: MLOpsError.self) { try FrequentItems(capacity: 0) }
    }
}
