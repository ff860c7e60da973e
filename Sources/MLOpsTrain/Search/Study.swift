public import MLOpsCore

/// A trial that is to be run.
public struct Trial<Parameters: Sendable>: Sendable {
    /// The number of the trial, from 0.
    public var number: Int
    /// What to try.
    public var parameters: Parameters
    /// A seed of the trial's own.
    public var seed: UInt64
}

/// Thrown by an objective that stops a trial which would not become the best.
public struct TrialPruned: Error, Sendable {
    /// The last value seen, when there is one.
    public var value: Double?

    /// Says that the trial was stopped.
    public init(value: Double? = nil) { self.value = value }
}

/// Looks for the parameters with the best value of an objective, trial by trial, and can be stopped and resumed.
///
/// Every trial is recorded in the journal, also one that fails; a trial that is in the journal is not run again. As a
/// trial depends on its number alone, the result is the same with one worker and with many.
public struct Study<Parameters: Sendable & Codable>: Sendable {
    /// Which values are better.
    public enum Direction: String, Sendable, Hashable, Codable {
        /// Greater ones, such as accuracies.
        case maximize
        /// Smaller ones, such as losses.
        case minimize
    }

    /// What to search over.
    public var space: SearchSpace<Parameters>
    /// How to choose the points.
    public var strategy: any SearchStrategy
    /// Which values are better.
    public var direction: Direction
    /// Where the records are kept.
    public var journal: any TrialJournal<Parameters>
    /// The seed from which each trial's own is made.
    public var seed: UInt64
    /// What times the trials.
    public var clock: any Clock<Duration>
    /// Where to say how far the search is.
    public var progress: any ProgressSink

    /// Makes a study.
    public init(
        of space: SearchSpace<Parameters>, by strategy: any SearchStrategy, _ direction: Direction,
        journal: any TrialJournal<Parameters>, seed: UInt64 = 0, clock: any Clock<Duration> = ContinuousClock(),
        progress: any ProgressSink = SilentProgress()
    ) {
        self.space = space
        self.strategy = strategy
        self.direction = direction
        self.journal = journal
        self.seed = seed
        self.clock = clock
        self.progress = progress
    }

    /// Runs trials 0 ..< budget that are not in the journal yet, and returns the records of all, by number.
    ///
    /// An error of the objective is recorded and the search goes on; cancelling the task ends it with
    /// `CancellationError`, and what was running is run again on resuming.
    ///
    /// - Parameters:
    ///   - budget: the number of trials, at most a million; fewer when the strategy has no more.
    ///   - workers: how many trials may run at the same time.
    ///   - objective: gives the value of a trial; may throw ``TrialPruned``.
    /// - Throws: ``MLOpsCore/MLOpsError`` with `invalidArgument` when the journal is of another study; what the journal
    ///   throws.
    public func run(
        trials budget: Int, workers: Int = 1, objective: @escaping @Sendable (Trial<Parameters>) async throws -> Double
    ) async throws -> [TrialRecord<Parameters>] {
        var records = try await journal.records()
        try checkNumbers(budget, records)
        let known = Set(records.map(\.number))
        let points = try strategy.points(of: space, limit: max(budget, (known.max() ?? -1) + 1))
        try check(records, against: points)
        let open = points.prefix(max(0, budget)).enumerated().filter { !known.contains($0.offset) }
            .map { (number: $0.offset, point: $0.element) }
        let total = open.count + records.count
        progress.report(ProgressUpdate("Search", completed: records.count, total: total))

        try await withThrowingTaskGroup(of: TrialRecord<Parameters>.self) { group in
            var waiting = open.makeIterator()
            for _ in 0..<max(1, workers) {
                if let next = waiting.next() { group.addTask { try await run(next, objective) } }
            }
            while let record = try await group.next() {
                try await journal.append(record)
                records.append(record)
                let best = best(of: records)?.value.map { "best \($0)" } ?? ""
                progress.report(ProgressUpdate("Search", completed: records.count, total: total, remark: best))
                if let next = waiting.next() { group.addTask { try await run(next, objective) } }
            }
        }
        return records.sorted { $0.number < $1.number }
    }

    /// The complete trial with the best value; of equal ones the first.
    public func best(of records: [TrialRecord<Parameters>]) -> TrialRecord<Parameters>? {
        records.filter { $0.state == .complete && $0.value != nil }.min { a, b in
            let (x, y) = (a.value ?? 0, b.value ?? 0)
            return x == y ? a.number < b.number : direction == .maximize ? x > y : x < y
        }
    }

    private func check(_ records: [TrialRecord<Parameters>], against points: [[Double]]) throws {
        func refuse(_ record: TrialRecord<Parameters>, _ what: String) -> MLOpsError {
            MLOpsError(
                .invalidArgument, "Trial \(record.number) of the journal \(what).",
                help: "Resume with the strategy, seed and space that the journal was begun with, or begin a new one.")
        }
        for record in records {
            guard points.indices.contains(record.number), record.point == points[record.number] else {
                throw refuse(record, "is at \(record.point), where this study has another point")
            }
            let parameters = try space.parameters(at: record.point)
            guard try areEqual(record.parameters, parameters) else {
                throw refuse(record, "had the parameters \(record.parameters), where this study has \(parameters)")
            }
            guard record.seed == nil || record.seed == seed(ofTrial: record.number) else {
                throw refuse(record, "had another seed than this study gives it")
            }
        }
    }

    private func areEqual(_ one: Parameters, _ other: Parameters) throws -> Bool {
        func equals<Value: Equatable>(_ value: Value) -> Bool { value == other as? Value }
        if let one = one as? any Equatable { return equals(one) }
        return try CanonicalJSON.encode(one) == CanonicalJSON.encode(other)
    }

    /// Points are made up to the highest number, so it has a limit.
    private func checkNumbers(_ budget: Int, _ records: [TrialRecord<Parameters>]) throws {
        let limit = 1_000_000
        guard budget <= limit else {
            throw MLOpsError(
                .invalidArgument, "A study can't have \(budget) trials.", help: "Ask for at most \(limit).")
        }
        if let record = records.first(where: { !(0..<limit).contains($0.number) }) {
            throw MLOpsError(
                .corruptData, "The journal has a trial \(record.number).",
                help: "Trials are numbered from 0 to \(limit - 1): begin a new journal.")
        }
    }

    private func seed(ofTrial number: Int) -> UInt64 {
        var generator = SeededGenerator(seed: seed, UInt64(number))
        return generator.next()
    }

    private func run(
        _ next: (number: Int, point: [Double]), _ objective: @Sendable (Trial<Parameters>) async throws -> Double
    ) async throws -> TrialRecord<Parameters> {
        let parameters = try space.parameters(at: next.point)
        let trial = Trial(number: next.number, parameters: parameters, seed: seed(ofTrial: next.number))
        var record = TrialRecord(
            number: next.number, point: next.point, parameters: parameters, seed: trial.seed, state: .failed,
            value: nil,
            duration: 0)
        let duration = try await clock.measure {
            do {
                try Task.checkCancellation()
                let value = try await objective(trial)
                record.value = value.isFinite ? value : nil
                record.state = value.isFinite ? .complete : .failed
                if !value.isFinite { record.error = "The objective gave \(value)." }
            } catch let pruned as TrialPruned {
                record.state = .pruned
                record.value = pruned.value.flatMap { $0.isFinite ? $0 : nil }
            } catch {
                if Task.isCancelled { throw CancellationError() }
                record.error = "\(error)"
            }
        }
        let parts = duration.components
        record.duration = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
        return record
    }
}
