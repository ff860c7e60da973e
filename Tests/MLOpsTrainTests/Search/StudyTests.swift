import Foundation
import MLOpsCore
import MLOpsTestKit
import MLOpsTrain
import Testing

@Suite("Study")
struct StudyTests {
    struct Point: Codable, Hashable, Sendable {
        var x = 0.0
        var y = 0.0
    }

    private func study(
        _ journal: any TrialJournal<Point>, seed: UInt64 = 1, _ direction: Study<Point>.Direction = .minimize
    ) throws -> Study<Point> {
        try Study(
            of: SearchSpace(from: Point(), [.uniform(\.x, in: -5...5), .uniform(\.y, in: -5...5)]),
            by: RandomSearch(seed: seed), direction, journal: journal)
    }

    private func sphere(_ trial: Trial<Point>) -> Double {
        trial.parameters.x * trial.parameters.x + trial.parameters.y * trial.parameters.y
    }

    /// What must not depend on how a study was run.
    private func essence(_ records: [TrialRecord<Point>]) -> [TrialRecord<Point>] {
        records.map {
            var record = $0; record.duration = 0; return record
        }
    }

    private actor Counter {
        var runs: [Int] = []
        func note(_ number: Int) -> Int { runs.append(number); return runs.count }
    }

    @Test("journals keep their promises")
    func journalsPassTheExam() async throws {
        try await TrialJournalExam(isDurable: false) { InMemoryTrialJournal<[Double]>() }.run()
        try await withScratchFolder { folder in
            try await TrialJournalExam { try FileTrialJournal<[Double]>(at: folder.appendingPathComponent("j.jsonl")) }
                .run()
        }
    }

    @Test("one worker and eight find the same trials with the same values, in the order of their numbers")
    func isRepeatable() async throws {
        let alone = try await study(InMemoryTrialJournal()).run(trials: 40) { sphere($0) }
        let together = try await study(InMemoryTrialJournal()).run(trials: 40, workers: 8) { trial in
            await Task.yield()
            return sphere(trial)
        }
        #expect(essence(alone) == essence(together))
        #expect(alone.map(\.number) == Array(0..<40))
        #expect(Set(alone.map(\.parameters)).count == 40)
    }

    @Test("the best is the least or the greatest value, of equal ones the first")
    func findsTheBest() async throws {
        let low = try study(InMemoryTrialJournal())
        let records = try await low.run(trials: 60) { sphere($0) }
        #expect(low.best(of: records)?.value == records.compactMap(\.value).min())
        let high = try study(InMemoryTrialJournal(), .maximize)
        #expect(high.best(of: records)?.value == records.compactMap(\.value).max())
        let flat = try await high.run(trials: 5) { _ in 1 }
        #expect(high.best(of: flat)?.number == 0)
        #expect(high.best(of: []) == nil)
    }

    @Test("a trial that fails, is pruned or gives no number is recorded, and the search goes on")
    func recordsFailures() async throws {
        let study = try study(InMemoryTrialJournal())
        let records = try await study.run(trials: 6) { trial in
            switch trial.number {
            case 1: throw MLOpsError(.diverged, "The loss is infinite.", help: "Lower the rate.")
            case 2: throw TrialPruned(value: 9)
            case 3: return .nan
            case 4: throw CancellationError()
            default: return Double(trial.number)
            }
        }
        #expect(records.map(\.state) == [.complete, .failed, .pruned, .failed, .failed, .complete])
        #expect(records[1].error?.contains("The loss is infinite.") == true)
        #expect(records[2].value == 9 && records[3].value == nil && records[3].error != nil)
        #expect(study.best(of: records)?.number == 0)
        #expect(try await study.journal.records().count == 6)
    }

    @Test("a study that was stopped goes on where it was, and ends as if it had not been", arguments: [1, 4])
    func resumes(_ workers: Int) async throws {
        let whole = try await study(InMemoryTrialJournal()).run(trials: 20) { sphere($0) }
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("journal.jsonl")
            let counter = Counter()
            let task = Task {
                try await study(FileTrialJournal(at: url)).run(trials: 20, workers: workers) { trial in
                    if await counter.note(trial.number) > 8 { try await Task.sleep(for: .seconds(60)) }
                    return sphere(trial)
                }
            }
            while await counter.runs.count < 8 + workers { try await Task.sleep(for: .milliseconds(5)) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }

            // A kill in the middle of a write leaves a torn line.
            let kept = try Data(contentsOf: url)
            try (kept + Data("{\"duration\":0,\"num".utf8)).write(to: url)
            let before = try await FileTrialJournal<Point>(at: url).records()
            #expect(before.count == 8 && before.allSatisfy { $0.state == .complete })

            let again = Counter()
            let resumed = try await study(FileTrialJournal(at: url)).run(trials: 20, workers: workers) { trial in
                _ = await again.note(trial.number)
                return sphere(trial)
            }
            #expect(essence(resumed) == essence(whole))
            #expect(Set(await again.runs) == Set(0..<20).subtracting(before.map(\.number)))
        }
    }

    @Test("a journal of another study is refused, and a damaged one too")
    func refusesForeignJournals() async throws {
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("journal.jsonl")
            _ = try await study(FileTrialJournal(at: url)).run(trials: 2) { sphere($0) }
            await expectError(.invalidArgument) {
                _ = try await study(FileTrialJournal(at: url), seed: 2).run(trials: 4) { sphere($0) }
            }
            var other = try study(FileTrialJournal(at: url))
            other.seed = 9
            await expectError(.invalidArgument) { _ = try await other.run(trials: 4) { sphere($0) } }
            other = try study(FileTrialJournal(at: url))
            other.space = try SearchSpace(from: Point(), [.uniform(\.x, in: -5...5), .uniform(\.y, in: -5...6)])
            await expectError(.invalidArgument) { _ = try await other.run(trials: 4) { sphere($0) } }
            await expectError(.invalidArgument) {
                _ = try await study(FileTrialJournal(at: url)).run(trials: .max) { sphere($0) }
            }
            let line = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")[1]
            let far = line.replacingOccurrences(of: #""number":1,"#, with: #""number":\#(Int.max),"#)
            try Data((far + "\n").utf8).write(to: url)
            await expectError(.corruptData) {
                _ = try await study(FileTrialJournal(at: url)).run(trials: 4) { sphere($0) }
            }
            try Data("{}\n".utf8).write(to: url)
            await expectError(.corruptData) { _ = try FileTrialJournal<Point>(at: url) }
        }
    }

    @Test("a grid ends when it is done, whatever the budget, and each trial has a seed of its own")
    func endsWithTheGrid() async throws {
        let journal = InMemoryTrialJournal<Point>()
        let study = try Study(
            of: SearchSpace(from: Point(), [.uniform(\.x, in: -1...1), .choice(\.y, [0, 3])]),
            by: GridSearch(levels: 3),
            .minimize, journal: journal)
        let seeds = Counter()
        let records = try await study.run(trials: 1000) { trial in
            _ = await seeds.note(Int(truncatingIfNeeded: trial.seed))
            return sphere(trial)
        }
        #expect(records.map(\.parameters) == [-1, 0, 1].flatMap { x in [0, 3].map { Point(x: x, y: $0) } })
        #expect(study.best(of: records)?.parameters == Point(x: 0, y: 0))
        #expect(Set(await seeds.runs).count == 6)
    }
}
