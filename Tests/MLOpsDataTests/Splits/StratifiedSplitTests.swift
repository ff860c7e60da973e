import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Splitting with exact counts") struct StratifiedSplitTests {
    private func entries(_ range: Range<Int>) -> [DatasetEntry] {
        range.map {
            DatasetEntry(
                id: "picture-\($0)", digest: Digest(of: Data("\($0)".utf8)), label: $0 % 7 == 0 ? "cat" : "dog",
                attributes: ["animal": "\($0 / 3)"])
        }
    }

    private func expectShares(_ split: DatasetSplit, _ rule: StratifiedSplit) {
        for (label, count) in split.version.labelCounts {
            for part in SplitPart.allCases {
                let found = Double(split.counts[part]?[label] ?? 0)
                #expect(
                    abs(found - Double(count) * (rule.shares[part] ?? 0)) < 1 + 1e-9, "\(label) in \(part): \(found)")
            }
        }
    }

    @Test("Each class has its share of each part to within one record", arguments: [1, 2, 3])
    func isExact(seed: UInt64) throws {
        let rule = try StratifiedSplit(seed: seed, train: 0.72, validation: 0.08)
        expectShares(try rule(DatasetVersion(entries: entries(0..<1003))), rule)
    }

    @Test("Adding a tenth of records, again and again, moves none of the old, and the counts stay exact")
    func neverMoves() throws {
        let rule = try StratifiedSplit(seed: 9, train: 0.7, validation: 0.15)
        var count = 300
        var split = try rule(DatasetVersion(entries: entries(0..<count)))
        for _ in 0..<8 {
            count += count / 10
            let next = try rule.keeping(split)(DatasetVersion(entries: entries(0..<count)))
            for part in SplitPart.allCases {
                #expect(Set(split.entries(of: part)).isSubset(of: next.entries(of: part)))
            }
            expectShares(next, rule)
            split = next
        }
    }

    @Test("Groups hold together, and counts are near the shares") func keepsGroups() throws {
        let rule = try StratifiedSplit(seed: 4, group: .attribute("animal"))
        let split = try rule(DatasetVersion(entries: entries(0..<900)))
        let animals = [SplitPart.train, .test].map { Set(split.entries(of: $0).map { $0.attributes["animal"] }) }
        #expect(animals[0].isDisjoint(with: animals[1]))
        #expect(abs(split.entries(of: .test).count - 180) <= 3)
    }

    @Test("The rule with what it keeps is a value that survives JSON, and its order does not depend on entries' order")
    func isAValue() throws {
        let version = try DatasetVersion(entries: entries(0..<100))
        let rule = try StratifiedSplit(seed: 2).keeping(StratifiedSplit(seed: 2)(version))
        let read = try CanonicalJSON.decode(StratifiedSplit.self, from: CanonicalJSON.encode(rule))
        #expect(read == rule && rule.kept.count == 100)
        let parts = try StratifiedSplit(seed: 2).parts(of: version.entries)
        #expect(try StratifiedSplit(seed: 2).parts(of: version.entries.reversed()) == parts.reversed())
        #expect(throws: MLOpsError.self) { try StratifiedSplit(seed: 1, train: 0.9, validation: 0.2) }
    }
}
