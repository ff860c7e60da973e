public import MLOpsCore
public import MLOpsData
public import MLOpsTrain

/// Checks the promises of an ``MLOpsTrain/Trainer``; it trains half a dozen times, so give it few examples and epochs.
public struct TrainerExam<Example: Sendable, Model: Sendable>: Sendable {
    private let trainer: any Trainer<Example, Model>
    private let training: any Dataset<Example>
    private let validation: any Dataset<Example>
    private let digest: @Sendable (Model) throws -> Digest

    /// Makes an exam.
    ///
    /// - Parameters:
    ///   - trainer: what is examined.
    ///   - training: examples that it can learn from, at least one.
    ///   - validation: examples to measure on, at least one.
    ///   - digest: the identity of a model: equal exactly for models whose every bit is equal.
    public init(
        _ trainer: any Trainer<Example, Model>, training: any Dataset<Example>, validation: any Dataset<Example>,
        digest: @escaping @Sendable (Model) throws -> Digest
    ) {
        self.trainer = trainer
        self.training = training
        self.validation = validation
        self.digest = digest
    }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        let first = try await checkReports()
        let again = try await trainer.train(on: training, validatingOn: validation) { _ in }
        try require(
            try digest(first.model) == digest(again.model) && first.history == again.history,
            "training again with equal data gives an equal model and history, bit for bit")
        try await checkEmptySets()
        try await checkThrowingReport()
        try await checkCancellation()
        let last = try await trainer.train(on: training, validatingOn: validation) { _ in }
        try require(
            try digest(first.model) == digest(last.model),
            "nothing of a training that was ended is kept: the next gives an equal model")
    }

    private func checkReports() async throws -> TrainedModel<Model> {
        let events = EventList()
        let trained = try await trainer.train(on: training, validatingOn: validation) { await events.append($0) }
        var reported: [EpochMetrics] = []
        for event in await events.all {
            switch event {
            case .step(let epoch, let completed, let total, _):
                try require(
                    epoch == reported.count,
                    "steps are reported in their epoch: one of epoch \(epoch) came after \(reported.count) epochs")
                try require(0...total ~= completed, "\(completed) of \(total) steps can't be")
            case .epoch(let metrics): reported.append(metrics)
            }
        }
        let numbers = reported.map(\.epoch)
        try require(
            !numbers.isEmpty && numbers == Array(0..<numbers.count),
            "every epoch is reported once, in order, from 0, not \(numbers)")
        try require(reported == trained.history, "the history is what was reported, epoch by epoch")
        try require(
            reported.indices.contains(trained.bestEpoch),
            "the best epoch is one of the \(reported.count), not \(trained.bestEpoch)")
        return trained
    }

    private func checkEmptySets() async throws {
        let nothing = InMemoryDataset<Example>([])
        try await requireError(.insufficientData, "an empty training set throws insufficientData") {
            _ = try await trainer.train(on: nothing, validatingOn: validation) { _ in }
        }
        do { _ = try await trainer.train(on: training, validatingOn: nothing) { _ in } } catch {
            throw ExamFailure("the validation set may be empty; training without one threw \(error)")
        }
    }

    private func checkThrowingReport() async throws {
        do { _ = try await trainer.train(on: training, validatingOn: validation) { _ in throw Stop() } } catch is Stop {
            return
        } catch { throw ExamFailure("an error of the report ends training with that error, not with \(error)") }
        throw ExamFailure("an error of the report ends training, but training went on")
    }

    private func checkCancellation() async throws {
        let (signals, signal) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                defer { signal.finish() }
                do {
                    _ = try await trainer.train(on: training, validatingOn: validation) { _ in
                        signal.yield()
                        // Waits for the cancellation and swallows it: the trainer itself must notice.
                        try? await Task.sleep(for: .seconds(60))
                    }
                } catch is CancellationError { return true } catch {
                    throw ExamFailure("cancelling ends training with CancellationError, not with \(error)")
                }
                return false
            }
            for await _ in signals { break }
            group.cancelAll()
            let wasCancelled = try await group.next() ?? false
            try require(wasCancelled, "cancelling at the first report ends training with CancellationError")
        }
    }
}

private struct Stop: Error {}

private actor EventList {
    private(set) var all: [TrainingEvent] = []

    func append(_ event: TrainingEvent) { all.append(event) }
}
