import MLOpsCore
import MLOpsData
import MLOpsTrain

/// A model: an hour is busy from this count on.
struct Threshold: Sendable, Codable, Hashable {
    var count: Double
}

/// A `Trainer`: the middle between the quietest busy hour and the busiest quiet one.
struct ThresholdTrainer: Trainer {
    func train(
        on training: any Dataset<GateReading>, validatingOn validation: any Dataset<GateReading>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<Threshold> {
        guard training.count > 0 else {
            throw MLOpsError(.insufficientData, "There are no readings.", help: "Give at least one hour.")
        }
        var (quiet, busy) = (0.0, 100.0)
        for index in 0..<training.count {
            try Task.checkCancellation()
            let reading = try await training.example(at: index)
            if reading.isBusy { busy = min(busy, reading.count) } else { quiet = max(quiet, reading.count) }
        }
        let epoch = EpochMetrics(epoch: 0, values: ["margin": busy - quiet])
        try await report(.epoch(epoch))
        try Task.checkCancellation()
        return TrainedModel(Threshold(count: (quiet + busy) / 2), history: [epoch], bestEpoch: 0)
    }
}
