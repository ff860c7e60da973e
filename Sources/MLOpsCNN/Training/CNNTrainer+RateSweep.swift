internal import Foundation
internal import MLOpsCore
public import MLOpsData
internal import MLOpsTensor

extension CNNTrainer {
    /// Trains for some steps at rates that rise from one to the next by the same factor, and notes the loss.
    ///
    /// ``schedule``, ``epochs`` and ``averaging`` have no part in it, and nothing of it is kept.
    ///
    /// - Parameters:
    ///   - training: the examples, shown in the order of the epochs of a training.
    ///   - rates: the first rate and the last.
    ///   - steps: how many steps at most; at least 2.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for rates or steps out of range, and what
    ///   ``train(on:validatingOn:reporting:)`` throws for hyperparameters and examples.
    public func sweepLearningRate(
        on training: any Dataset<LabeledImage>, over rates: ClosedRange<Double> = 1e-5...1, steps: Int = 100
    ) async throws -> LearningRateSweep {
        try validate()
        guard rates.lowerBound > 0, rates.upperBound.isFinite, steps >= 2 else {
            throw MLOpsError(
                .invalidArgument, "Learning rates can't rise over \(rates) in \(steps) steps.",
                help: "Give rates above 0 and at least 2 steps.")
        }
        guard training.count > 0 else {
            throw MLOpsError(
                .insufficientData, "There are no examples to train on.", help: "Give a dataset with examples.")
        }
        let loop = TrainingLoop(trainer: self, compute: Compute(threads: threads))
        let state = TrainingState(
            network: try Network(
                network, input: trainingPreprocessing.inputShape, seed: seed, frozenLayers: frozenLayers), self)
        let pixels = try await loop.store(training, isTraining: true)
        let perEpoch = stepsPerEpoch(exampleCount: training.count)
        var order: [Int] = []
        var (points, smooth) = ([LearningRateSweep.Point](), 0.0)
        for step in 0..<steps {
            if step % perEpoch == 0 { order = loop.order(ofEpoch: step / perEpoch, count: training.count) }
            let start = step % perEpoch * batchSize
            let batch = try await pixels.batch(order[start..<min(order.count, start + batchSize)])
            let rate = rates.lowerBound * pow(rates.upperBound / rates.lowerBound, Double(step) / Double(steps - 1))
            let loss = loop.train(state, batch, from: pixels, epoch: step / perEpoch, rate: rate).loss
            guard loss.isFinite else { break }
            // An exponential average, corrected for its start at zero, of about the last ten steps.
            smooth = 0.9 * smooth + 0.1 * loss
            let value = smooth / (1 - pow(0.9, Double(step + 1)))
            points.append(.init(rate: rate, loss: value))
            if let least = points.map(\.loss).min(), value > 4 * least { break }
            try Task.checkCancellation()
        }
        return LearningRateSweep(points: points)
    }
}
