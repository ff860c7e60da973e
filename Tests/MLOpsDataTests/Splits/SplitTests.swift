import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Splitting a dataset") struct SplitTests {
    private func entries(_ range: Range<Int>) -> [DatasetEntry] {
        range.map {
            DatasetEntry(
                id: "picture-\($0)", digest: Digest(of: Data("\($0)".utf8)), label: $0 % 3 == 0 ? "cat" : "dog",
                attributes: ["animal": "\($0 / 5)"])
        }
    }

    @Test("Each record is in one part, and counts are near the shares, in each class too") func countsAreNearShares()
        throws
    {
        let version = try DatasetVersion(entries: entries(0..<6000))
        let split = try Split(seed: 1, train: 0.8, validation: 0.1)(version)
        let all = SplitPart.allCases.flatMap { split.entries(of: $0) }
        #expect(all.count == 6000 && Set(all).count == 6000)
        for (part, share) in [(SplitPart.train, 0.8), (.validation, 0.1), (.test, 0.1)] {
            for (label, count) in [("cat", 2000.0), ("dog", 4000.0)] {
                let found = Double(try #require(split.counts[part]?[label]))
                // Five standard deviations of the binomial distribution.
                #expect(abs(found - share * count) < 5 * (count * share * (1 - share)).squareRoot())
            }
        }
    }

    @Test("Adding records never moves an old one", arguments: [Split.Group.content, .id, .attribute("animal")])
    func isStable(group: Split.Group) throws {
        let split = try Split(seed: 42, train: 0.7, validation: 0.1, group: group)
        let small = try split(DatasetVersion(entries: entries(0..<400)))
        let large = try split(DatasetVersion(entries: entries(0..<900)))
        for part in SplitPart.allCases {
            #expect(Set(small.entries(of: part)).isSubset(of: large.entries(of: part)))
        }
    }

    @Test("The assignment is the same in every release") func isFixed() throws {
        let split = try Split(seed: 7)
        let parts = entries(0..<20).map { split.part(of: $0) == .train ? "r" : "t" }.joined()
        #expect(parts == "rrtrrrrtrrrrtrrrrrrr")
        #expect(try entries(0..<20).map { try Split(seed: 8).part(of: $0) == .train ? "r" : "t" }.joined() != parts)
    }

    @Test("A group is never on two sides") func keepsGroups() throws {
        let split = try Split(seed: 3, group: .attribute("animal"))(DatasetVersion(entries: entries(0..<1000)))
        let animals = [SplitPart.train, .test].map { Set(split.entries(of: $0).map { $0.attributes["animal"] }) }
        #expect(animals[0].isDisjoint(with: animals[1]))
        #expect(!animals[1].isEmpty)
    }

    @Test("Equal bytes on two sides are refused, and so is a shared group") func refusesLeaks() throws {
        var some = entries(0..<200)
        for i in 0..<200 { some[i].digest = some[i / 2].digest }
        let error = #expect(throws: MLOpsError.self) {
            try Split(seed: 1, group: .id)(DatasetVersion(entries: some))
        }
        #expect(error?.code == .gateRefused)
        let gate = LeakageGate(group: .attribute("animal"))
        let (a, b) = (entries(0..<7), entries(7..<12))
        let leak = #expect(throws: MLOpsError.self) { try gate.check(a, named: "train", against: b, named: "test") }
        #expect(leak?.message.contains("3 records leak between train and test") == true)
        #expect(throws: Never.self) { try gate.check(a, named: "train", against: entries(10..<12), named: "test") }
        #expect(throws: Never.self) { try LeakageGate().check(a, named: "train", against: b, named: "test") }
    }

    @Test("Shares that are none, and an empty part, are refused") func refusesBadShares() throws {
        for (train, validation) in [(-0.1, 0.0), (0.8, 0.3), (.nan, 0)] {
            #expect(throws: MLOpsError.self) { try Split(seed: 1, train: train, validation: validation) }
        }
        let one = try DatasetVersion(entries: entries(0..<1))
        #expect(#expect(throws: MLOpsError.self) { try Split(seed: 1)(one) }?.code == .insufficientData)
        #expect(try Split(seed: 1, train: 1)(one).entries(of: .train).count == 1)
    }
}
