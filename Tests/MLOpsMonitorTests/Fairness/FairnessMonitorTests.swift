import MLOpsCore
import MLOpsMonitor
import Testing

@Suite("Fairness")
struct FairnessMonitorTests {
    @Test("Demographic parity and equalized odds equal Fairlearn's")
    func fairlearn() throws {
        let oracle = try Oracle.load().fairness
        let names = ["cat", "dog"]
        let window = oracle.groups.indices.map { index in
            Captures.row(
                index, said: names[oracle.predicted[index]], truth: names[oracle.truth[index]],
                camera: oracle.groups[index])
        }
        let report = FairnessMonitor(by: "camera", positive: "dog").report(on: window, at: Captures.noon)
        #expect(abs(try #require(report.demographicParity).estimate.value - oracle.demographicParityDifference) < 1e-12)
        #expect(abs(try #require(report.equalizedOdds).estimate.value - oracle.equalizedOddsDifference) < 1e-12)
        #expect(report.undeterminedGroups.isEmpty)
    }

    @Test("A small group is undetermined, never 0")
    func smallGroup() {
        let window =
            (0..<100).map { Captures.row($0, said: "dog", truth: "dog", camera: "north") }
            + (100..<110).map { Captures.row($0, said: "cat", truth: "dog", camera: "south") }
        let report = FairnessMonitor(by: "camera", positive: "dog").report(on: window, at: Captures.noon)
        #expect(report.demographicParity == nil)
        #expect(report.undeterminedGroups.contains("south"))
        #expect(report.findings().map(\.verdict) == [.insufficient, .insufficient])
    }

    @Test("A group that is seen far less often as a dog fails")
    func unfair() throws {
        let window =
            (0..<200).map { Captures.row($0, said: $0 % 10 < 6 ? "dog" : "cat", truth: "dog", camera: "day") }
            + (200..<400).map { Captures.row($0, said: $0 % 10 < 3 ? "dog" : "cat", truth: "dog", camera: "night") }
        let report = FairnessMonitor(by: "camera", positive: "dog").report(on: window, at: Captures.noon)
        let difference = try #require(report.demographicParity)
        #expect(difference.highest == "day" && difference.lowest == "night" && difference.verdict == .fail)
    }
}
