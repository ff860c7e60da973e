import MLOpsCore
import MLOpsData
import MLOpsTestKit
import MLOpsTrain
import Testing

@Suite("NearestCentroidTrainer")
struct NearestCentroidTrainerTests {
    private func clouds(_ count: Int, seed: UInt64) -> InMemoryDataset<LabeledVector> {
        var generator = SeededGenerator(seed: seed)
        return InMemoryDataset(
            (0..<count).map { index in
                let center = Double(index % 3) * 4
                return LabeledVector(
                    [center + generator.normal(), -center + generator.normal()], label: index % 3, id: "\(index)")
            })
    }

    @Test("the trainer keeps its promises")
    func passesTheExam() async throws {
        try await TrainerExam(
            NearestCentroidTrainer(classCount: 3), training: clouds(60, seed: 1), validation: clouds(30, seed: 2)
        ) { try Digest(ofJSON: $0) }.run()
    }

    @Test("it learns the means, and tells clouds that lie apart from one another")
    func learns() async throws {
        let trained = try await NearestCentroidTrainer(classCount: 3)
            .train(on: clouds(300, seed: 1), validatingOn: clouds(300, seed: 2)) { _ in }
        for (index, centroid) in trained.model.centroids.enumerated() {
            let mean = try #require(centroid)
            #expect(abs(mean[0] - Double(index) * 4) < 0.4 && abs(mean[1] + Double(index) * 4) < 0.4)
        }
        #expect(try #require(trained.history[0].values["validation.accuracy"]) > 0.97)
        let outcomes = try await Evaluation<LabeledVector>().outcomes(on: clouds(300, seed: 3)) { batch in
            try batch.map { try trained.model.probabilities(of: $0.features) }
        }
        #expect(try ConfusionMatrix(classCount: 3, outcomes).accuracy.lower > 0.95)
    }

    @Test("a class without examples is never given")
    func leavesOutEmptyClasses() async throws {
        let trained = try await NearestCentroidTrainer(classCount: 5)
            .train(on: clouds(30, seed: 1), validatingOn: InMemoryDataset([])) { _ in }
        let probabilities = try trained.model.probabilities(of: [100, -100])
        #expect(probabilities[2] > 0.99 && probabilities[3] == 0 && probabilities[4] == 0)
    }

    @Test(
        "examples that don't fit are refused",
        arguments: [
            (LabeledVector([1], label: 0, id: "x"), .invalidArgument),
            (LabeledVector([1, 2], label: 3, id: "x"), .invalidArgument),
            (LabeledVector([.nan, 2], label: 0, id: "x"), .diverged),
        ] as [(LabeledVector, MLOpsError.Code)])
    func refuses(_ example: LabeledVector, _ code: MLOpsError.Code) async {
        let dataset = InMemoryDataset([LabeledVector([0, 0], label: 0, id: "a"), example])
        await expectError(code) {
            _ = try await NearestCentroidTrainer(classCount: 3)
                .train(on: dataset, validatingOn: InMemoryDataset([])) { _ in }
        }
    }

    @Test("the exam finds a trainer that breaks a promise", arguments: Flaw.allCases)
    func examFindsFlaws(_ flaw: Flaw) async throws {
        await #expect(throws: ExamFailure.self) {
            try await TrainerExam(
                FlawedTrainer(flaw: flaw), training: clouds(6, seed: 1), validation: clouds(6, seed: 2)
            ) {
                try Digest(ofJSON: $0)
            }.run()
        }
    }

    enum Flaw: String, CaseIterable, Sendable {
        case differs, skipsEpoch, swallowsReport, ignoresCancellation, acceptsNothing, forgetsHistory
    }

    private struct FlawedTrainer: Trainer {
        let flaw: Flaw
        private let runs = RunCounter()

        init(flaw: Flaw) { self.flaw = flaw }

        func train(
            on training: any Dataset<LabeledVector>, validatingOn validation: any Dataset<LabeledVector>,
            reporting report: @Sendable (TrainingEvent) async throws -> Void
        ) async throws -> TrainedModel<[Double]> {
            if training.count == 0, flaw != .acceptsNothing {
                throw MLOpsError(.insufficientData, "There is no example.", help: "Give one.")
            }
            let run = await runs.next()
            var history: [EpochMetrics] = []
            for epoch in 0..<3 where !(flaw == .skipsEpoch && epoch == 1) {
                let metrics = EpochMetrics(epoch: epoch, values: ["loss": 1])
                if flaw == .swallowsReport {
                    try? await report(.epoch(metrics))
                } else {
                    try await report(.epoch(metrics))
                }
                if flaw != .ignoresCancellation { try Task.checkCancellation() }
                if flaw != .forgetsHistory { history.append(metrics) }
            }
            return TrainedModel([flaw == .differs ? Double(run) : 0], history: history, bestEpoch: 0)
        }
    }

    private actor RunCounter {
        private var count = 0
        func next() -> Int { count += 1; return count }
    }
}
