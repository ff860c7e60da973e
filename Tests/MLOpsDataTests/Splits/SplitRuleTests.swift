import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Rules of splitting") struct SplitRuleTests {
    private func version() throws -> DatasetVersion {
        try DatasetVersion(
            entries: (0..<400).map { i in
                DatasetEntry(
                    id: "frame-\(i)", digest: Digest(of: Data("\(i)".utf8)), label: i % 5 == 0 ? "cat" : "dog",
                    attributes: ["camera": "\(i % 2)", "capturedAt": "\(1_000_000 + i * 60)", "animal": "\(i / 3)"])
            })
    }

    @Test("Every rule of the package keeps the promises of a rule") func passTheExam() throws {
        let version = try version()
        try SplitRuleExam(of: Split(seed: 1, validation: 0.1, group: .attribute("animal"))).run(on: version)
        try SplitRuleExam(of: TimeSplit(of: version, train: 0.7, gap: 120)).run(on: version)
        try SplitRuleExam(of: CameraSplit(seed: 2, validation: 0.1, window: 1200, gap: 120)).run(on: version)
        let stratified = try StratifiedSplit(seed: 3, train: 0.7, validation: 0.1)
        try SplitRuleExam(of: stratified) { stratified.keeping($0) }.run(on: version)
    }

    /// Gives every fifth record to test, which moves old records when new ones come between.
    private struct Comb: SplitRule {
        let gate = LeakageGate()
        let shares: [SplitPart: Double] = [.train: 0.8, .test: 0.2]

        func parts(of entries: [DatasetEntry]) -> [SplitPart?] {
            let ranks = Dictionary(uniqueKeysWithValues: entries.map(\.id).sorted().enumerated().map { ($1, $0) })
            return entries.map { (ranks[$0.id] ?? 0) % 5 == 0 ? .test : .train }
        }
    }

    @Test("The exam refuses a rule that moves records") func refusesMoves() throws {
        let error = #expect(throws: ExamFailure.self) { try SplitRuleExam(of: Comb()).run(on: version()) }
        #expect(error.map { "\($0)".contains("adding records moves none") } == true)
    }
}
