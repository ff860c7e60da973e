internal import Foundation
internal import MLOpsCore
internal import MLOpsData
internal import MLOpsTensor
internal import MLOpsTrain

/// Runs the epochs of a training.
struct TrainingLoop {
    let trainer: CNNTrainer
    let compute: Compute

    func run(
        _ state: TrainingState, on training: any Dataset<LabeledImage>,
        validatingOn validation: any Dataset<LabeledImage>,
        reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> TrainedModel<CNNModel> {
        guard training.count > 0 else {
            throw MLOpsError(
                .insufficientData, "There are no examples to train on.", help: "Give a dataset with examples.")
        }
        let pixels = try await store(training, isTraining: true)
        let held = try await store(validation, isTraining: false)
        if state.data != nil || trainer.checkpointFile != nil {
            try state.take(training: try await pixels.identity(), validation: try await held.identity())
        }
        try requireClasses(Set(pixels.labels ?? [0, 1]))
        try requireStatistics(training.count)
        // Held-back pictures may be larger than those of the training.
        let judge = try Network(trainer.network, input: trainer.preprocessing.inputShape, seed: 0)
        do {
            while state.history.count < trainer.epochs, !isPatienceOver(state) {
                var metrics = try await epoch(state, pixels, reporting: report)
                if held.count > 0 {
                    judge.setValues(state.current)
                    let result = try await evaluate(judge, held)
                    guard result.loss.isFinite else { throw diverged(state, "validation loss", result.loss) }
                    metrics.values["validation.loss"] = result.loss
                    metrics.values["validation.accuracy"] = result.accuracy
                }
                if isBetter(metrics, than: state.bestEpoch.map { state.history[$0] }) {
                    state.bestEpoch = metrics.epoch
                    state.best = state.current
                }
                state.history.append(metrics)
                state.epochSeconds.append(state.seconds)
                state.sums = EpochSums()
                try writeCheckpoint(state)
                try await report(.epoch(metrics))
            }
        } catch let cancellation as CancellationError {
            // Every place that a cancellation is noticed at lies between two steps.
            if (state.step, state.history.count) != state.savedAt { try writeCheckpoint(state) }
            throw cancellation
        }
        let weights = zip(state.network.parameters, state.best).map {
            NamedTensor($0.spec.name, shape: $0.spec.shape, values: $1)
        }
        let model = try CNNModel(
            spec: trainer.network, preprocessing: trainer.preprocessing, labels: trainer.labels, weights: weights)
        return TrainedModel(
            model, history: state.history, bestEpoch: state.bestEpoch ?? 0, epochSeconds: state.epochSeconds)
    }

    func store(_ dataset: any Dataset<LabeledImage>, isTraining: Bool) async throws -> PixelStore {
        let size = trainer.pictureSize(isTraining: isTraining)
        return try await PixelStore(
            dataset, width: size.width, height: size.height, classes: trainer.labels.count,
            cacheByteLimit: trainer.cacheByteLimit, readers: 2 * compute.threads)
    }

    /// Batch normalization of one value gives its shift alone, and nothing is learned before it.
    private func requireStatistics(_ count: Int) throws {
        let last = count % trainer.batchSize == 0 ? min(trainer.batchSize, count) : count % trainer.batchSize
        guard last == 1 else { return }
        let layers = try trainer.network.placed(for: trainer.trainingPreprocessing.inputShape).flatMap(\.all)
        let lone = layers.first { $0.spec == .batchNorm && $0.input.height * $0.input.width == 1 }
        guard let lone else { return }
        throw MLOpsError(
            .invalidArgument,
            "A step of one example, of \(count) in batches of \(trainer.batchSize), has no deviation for the layer "
                + "\(lone.index), \(lone.spec), to divide by.",
            help: "Choose a batchSize that leaves more than one example over, or normalize before the pooling.")
    }

    private func requireClasses(_ seen: Set<Int>) throws {
        guard seen.count > 1 || trainer.labels.count == 1 else {
            throw MLOpsError(
                .insufficientData, "All examples are of the class \(seen.map { "'\(trainer.labels[$0])'" }.joined()).",
                help: "Give examples of at least two of the classes \(trainer.labels).")
        }
    }

    /// The order in which an epoch shows its examples.
    func order(ofEpoch epoch: Int, count: Int) -> [Int] {
        var generator = SeededGenerator(seed: trainer.seed, SeedPath.order, UInt64(epoch))
        return generator.shuffled(Array(0..<count))
    }

    private func epoch(
        _ state: TrainingState, _ pixels: PixelStore, reporting report: @Sendable (TrainingEvent) async throws -> Void
    ) async throws -> EpochMetrics {
        let epoch = state.history.count
        let order = order(ofEpoch: epoch, count: pixels.count)
        let total = trainer.stepsPerEpoch(exampleCount: order.count)
        let steps = total * trainer.epochs

        @Sendable func indices(_ step: Int) -> [Int] {
            Array(order[step * trainer.batchSize..<min(order.count, (step + 1) * trainer.batchSize)])
        }
        // An epoch that was broken off goes on after its last checkpoint.
        var batch = try await pixels.batch(state.sums.steps < total ? indices(state.sums.steps) : [])
        for step in state.sums.steps..<total {
            // The next pictures are read while the network works on these.
            async let next = step + 1 < total ? pixels.batch(indices(step + 1)) : nil
            let rate = trainer.schedule.rate(atStep: state.step, of: steps, stepsPerEpoch: total)
            let result = train(state, batch, from: pixels, epoch: epoch, rate: rate)
            guard result.loss.isFinite else { throw diverged(state, "loss", result.loss) }
            state.sums.add(
                loss: result.loss, correct: result.correct, labels: batch.labels, isFirstEpoch: epoch == 0)
            if (step + 1) % max(1, total / 20) == 0 || step + 1 == total {
                try await report(
                    .step(
                        epoch: epoch, completed: step + 1, total: total,
                        loss: state.sums.loss / Double(step * trainer.batchSize + batch.count)))
            }
            if let steps = trainer.stepsPerCheckpoint, (step + 1) % steps == 0, step + 1 < total {
                try writeCheckpoint(state)
            }
            try Task.checkCancellation()
            if let following = try await next { batch = following }
        }
        if epoch == 0 { try requireClasses(Set(state.sums.classes)) }
        let (sums, count) = (state.sums, Double(order.count))
        // The last step's weights are in no loss yet.
        try requireFinite(state)
        let rate = trainer.schedule.rate(atStep: state.step - 1, of: steps, stepsPerEpoch: total)
        return EpochMetrics(
            epoch: epoch,
            values: ["loss": sums.loss / count, "accuracy": Double(sums.correct) / count, "learningRate": rate])
    }

    /// One step: forward, backward, and the optimizer.
    func train(
        _ state: TrainingState, _ batch: PixelBatch, from pixels: PixelStore, epoch: Int, rate: Double
    ) -> (loss: Double, correct: Int) {
        let (network, preprocessing) = (state.network, trainer.trainingPreprocessing)
        let input = network.input(batchSize: batch.count)
        let samplings = batch.indices.map { index in
            guard let augmentation = trainer.augmentation else { return PictureSampling(preprocessing) }
            var generator = SeededGenerator(
                seed: trainer.seed, SeedPath.augmentation, UInt64(epoch), UInt64(index))
            return PictureSampling(
                preprocessing, augmentation, width: pixels.width, height: pixels.height, using: &generator)
        }
        batch.fill(input, samplings, width: pixels.width, height: pixels.height, compute: compute)
        let mixture = trainer.mixup.map { Mixture(alpha: $0, seed: trainer.seed, step: state.step) }
        mixture?.mix(input, compute: compute)
        let logits = network.forward(
            input, .training(seed: trainer.seed, step: state.step), compute: compute)
        let gradient = network.logitsGradient(batchSize: batch.count)
        let loss = compute.softmaxCrossEntropy(
            logits, labels: batch.labels, labelSmoothing: Float(trainer.labelSmoothing),
            mixedWith: mixture.map { _ in batch.labels.reversed() }, share: mixture?.share ?? 1, into: gradient)
        guard loss.isFinite else { return (Double(loss), 0) }
        network.backward(gradient, compute: compute)
        if let limit = trainer.gradientClip { network.clipGradients(to: limit) }
        state.step += 1
        trainer.optimizer.update(network.learned, state.slots, rate: rate, step: state.step, compute: compute)
        if let share = trainer.averaging { state.updateAverage(keeping: share) }
        return (Double(loss), logits.correctRows(batch.labels))
    }

    /// The mean loss and the accuracy of a network on held-back examples.
    private func evaluate(_ network: Network, _ pixels: PixelStore) async throws -> (loss: Double, accuracy: Double) {
        var (loss, correct) = (0.0, 0)
        for start in stride(from: 0, to: pixels.count, by: trainer.batchSize) {
            try Task.checkCancellation()
            let batch = try await pixels.batch(start..<min(pixels.count, start + trainer.batchSize))
            let input = network.input(batchSize: batch.count)
            let samplings = batch.indices.map { _ in PictureSampling(trainer.preprocessing) }
            batch.fill(input, samplings, width: pixels.width, height: pixels.height, compute: compute)
            let logits = network.forward(input, .inference, compute: compute)
            let mean = compute.softmaxCrossEntropy(
                logits, labels: batch.labels, labelSmoothing: 0,
                into: network.logitsGradient(batchSize: batch.count))
            loss += Double(mean) * Double(batch.count)
            correct += logits.correctRows(batch.labels)
        }
        return (loss / Double(pixels.count), Double(correct) / Double(pixels.count))
    }

    private func isBetter(_ metrics: EpochMetrics, than best: EpochMetrics?) -> Bool {
        guard let best else { return true }
        func value(_ metrics: EpochMetrics, _ name: String) -> Double { metrics.values[name] ?? 0 }
        let isLower = value(metrics, "validation.loss") < value(best, "validation.loss")
        switch trainer.selection {
        case _ where metrics.values["validation.loss"] == nil: return true
        case .last: return true
        case .lowestValidationLoss: return isLower
        case .highestValidationAccuracy:
            let (new, old) = (value(metrics, "validation.accuracy"), value(best, "validation.accuracy"))
            return new > old || (new == old && isLower)
        }
    }

    private func isPatienceOver(_ state: TrainingState) -> Bool {
        guard let patience = trainer.patience, let best = state.bestEpoch else { return false }
        return state.history.count - 1 - best >= patience
    }

    private func requireFinite(_ state: TrainingState) throws {
        for parameter in state.network.parameters {
            if let value = parameter.value.firstNotFinite { throw diverged(state, parameter.spec.name, Double(value)) }
        }
    }

    private func writeCheckpoint(_ state: TrainingState) throws {
        guard let file = trainer.checkpointFile, let data = state.data else { return }
        try requireFinite(state)
        try Checkpoint(state, of: trainer, on: data, by: compute)
            .write(to: file, keeping: trainer.checkpointsKept)
        state.checkpoint = file
        state.savedAt = (state.step, state.history.count)
    }

    private func diverged(_ state: TrainingState, _ what: String, _ value: Double) -> MLOpsError {
        let culprit = state.network.parameters.first { $0.value.firstNotFinite != nil }?.spec.name
        let place = culprit.map { "; the first layer that is not finite holds \($0)" } ?? ""
        let checkpoint =
            state.checkpoint.map { " The last good checkpoint is \($0.path): train on from model(ofCheckpoint:)." }
            ?? ""
        return MLOpsError(
            .diverged, "The \(what) became \(value) in epoch \(state.history.count), step \(state.step)\(place).",
            help: "Lower the learning rate of \(trainer.schedule), lengthen its warm-up, or set gradientClip."
                + checkpoint)
    }
}
