import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import MLOpsTrain
import Synchronization
import Testing

@Suite("CNNTrainer")
struct CNNTrainerTests {
    private func digest(_ trainer: CNNTrainer, _ data: InMemoryDataset<LabeledImage>) async throws -> Digest {
        try await trainer.train(on: data, validatingOn: data) { _ in }.model.weightsDigest
    }

    @Test("keeps the promises of a trainer")
    func passesTheExam() async throws {
        try await TrainerExam(
            toyTrainer(epochs: 2), training: stripesAndBlobs(40, seed: 1), validation: stripesAndBlobs(16, seed: 2)
        ) { $0.weightsDigest }.run()
    }

    @Test("tells stripes from blobs on pictures it has not seen")
    func learnsStripesAndBlobs() async throws {
        let trainer = try toyTrainer(epochs: 6)
        let trained = try await trainer.train(
            on: stripesAndBlobs(320, seed: 1), validatingOn: stripesAndBlobs(160, seed: 2)
        ) { _ in }
        let accuracy = try #require(trained.history[trained.bestEpoch].values["validation.accuracy"])
        #expect(accuracy > 0.95, "\(trained.history)")
        #expect(trained.history.map(\.epoch) == Array(0..<6))
    }

    @Test("gives the same bits at any number of threads, and again")
    func isRepeatable() async throws {
        let data = try stripesAndBlobs(83, seed: 1)
        var trainer = try toyTrainer(epochs: 2)
        trainer.averaging = 0.9
        trainer.gradientClip = 1
        trainer.mixup = 0.4
        trainer.augmentation?.erasing = 0.5
        let first = try await digest(trainer, data)
        for threads in [1, 2, 3] {
            trainer.threads = threads
            #expect(try await digest(trainer, data) == first, "\(threads) threads")
        }
        trainer.cacheByteLimit = 0
        #expect(try await digest(trainer, data) == first, "without a cache")
        trainer.seed += 1
        #expect(try await digest(trainer, data) != first, "another seed")
    }

    @Test("a step of one example is refused where its normalization has nothing to divide by")
    func loneExamplesAreRefused() async throws {
        var trainer = try toyTrainer(epochs: 1)
        trainer.batchSize = 8
        trainer.network.layers.insert(contentsOf: [.dense(units: 4), .batchNorm], at: trainer.network.layers.count - 1)
        let held = try stripesAndBlobs(4, seed: 2)
        let error = await #expect(throws: MLOpsError.self) {
            try await trainer.train(on: stripesAndBlobs(17, seed: 1), validatingOn: held) { _ in }
        }
        #expect(error?.code == .invalidArgument && error?.message.contains("17 in batches of 8") == true)
        _ = try await trainer.train(on: stripesAndBlobs(18, seed: 1), validatingOn: held) { _ in }
    }

    @Test("a training that was broken off and resumed ends with the same bits")
    func resumesToTheSameBits() async throws {
        struct Stop: Error {}
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cnn-\(UUID().uuidString)")
        try DurableFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (data, held) = (try stripesAndBlobs(70, seed: 1), try stripesAndBlobs(30, seed: 2))
        for optimizer in [Optimizer.adamW(), .sgd(momentum: 0.9, nesterov: true, weightDecay: 5e-4)] {
            var trainer = try toyTrainer(epochs: 4)
            trainer.optimizer = optimizer
            trainer.averaging = 0.95
            let whole = try await trainer.train(on: data, validatingOn: held) { _ in }
            for last in 0..<3 {
                let file = folder.appendingPathComponent("\(last).safetensors")
                trainer.checkpointFile = file
                await #expect(throws: Stop.self) {
                    _ = try await trainer.train(on: data, validatingOn: held) { event in
                        if case .step(let epoch, _, _, _) = event, epoch == last + 1 { throw Stop() }
                    }
                }
                let resumed = try await trainer.resume(from: file, on: data, validatingOn: held) { _ in }
                #expect(resumed.model.weightsDigest == whole.model.weightsDigest, "broken off after epoch \(last)")
                #expect(resumed.history == whole.history && resumed.bestEpoch == whole.bestEpoch)
                trainer.checkpointFile = nil
            }
        }
    }

    @Test("a training that was broken off within an epoch ends with the same bits, wherever that was")
    func resumesWithinAnEpoch() async throws {
        struct Stop: Error {}
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cnn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        // 17 examples, 3 a step: 6 steps in each of 3 epochs, and each is reported.
        let (data, held) = (try stripesAndBlobs(17, seed: 1), try stripesAndBlobs(9, seed: 2))
        var trainer = try toyTrainer(epochs: 3)
        trainer.batchSize = 3
        trainer.averaging = 0.9
        trainer.mixup = 0.3
        let whole = try await trainer.train(on: data, validatingOn: held) { _ in }
        trainer.checkpointFile = file
        for (place, interval) in [(1, 1), (2, 2), (5, 3), (6, 1), (8, 2), (11, 4), (13, 1), (17, 5)] {
            trainer.stepsPerCheckpoint = interval
            try? FileManager.default.removeItem(at: file)
            await #expect(throws: Stop.self) {
                _ = try await trainer.train(on: data, validatingOn: held) { event in
                    guard case .step(let epoch, let completed, let total, _) = event else { return }
                    if epoch * total + completed > place { throw Stop() }
                }
            }
            let resumed = try await trainer.resume(from: file, on: data, validatingOn: held) { _ in }
            #expect(resumed.model.weightsDigest == whole.model.weightsDigest, "broken off after step \(place)")
            #expect(resumed.history == whole.history)
        }
    }

    @Test("frozen layers stay as they are, and a new head learns other classes")
    func transfers() async throws {
        let data = try stripesAndBlobs(160, seed: 1)
        let first = try await toyTrainer(epochs: 4).train(on: data, validatingOn: data) { _ in }.model
        let renamed = try first.replacingHead(labels: ["blob", "stripes"], seed: 5)
        #expect(renamed.weights.dropLast(2) == first.weights.dropLast(2))
        #expect(renamed.weights.suffix(2) != first.weights.suffix(2))
        let swapped = InMemoryDataset(
            (0..<data.count).map { index in
                let example = data.example(at: index)
                return LabeledImage(example.image, label: 1 - example.label, id: example.id)
            })
        var trainer = try toyTrainer(epochs: 4)
        trainer.labels = renamed.labels
        trainer.frozenLayers = trainer.network.layers.count - 2
        let second = try await trainer.train(from: renamed, on: swapped, validatingOn: swapped) { _ in }
        #expect(second.model.weights.dropLast(2) == first.weights.dropLast(2))
        let accuracy = try #require(second.history.last?.values["validation.accuracy"])
        #expect(accuracy > 0.9, "\(second.history)")
        #expect(throws: MLOpsError.self) { try first.replacingHead(labels: ["a", "a"], seed: 1) }
        trainer.frozenLayers = trainer.network.layers.count
        await #expect(throws: MLOpsError.self) {
            _ = try await trainer.train(from: renamed, on: swapped, validatingOn: swapped) { _ in }
        }
    }

    @Test("a sweep of the learning rate falls, then rises, and suggests a rate that trains")
    func sweepsTheRate() async throws {
        var trainer = try toyTrainer(epochs: 3)
        let data = try stripesAndBlobs(160, seed: 1)
        let sweep = try await trainer.sweepLearningRate(on: data, over: 1e-4...100, steps: 80)
        let least = try #require(sweep.points.map(\.loss).min())
        #expect(least < sweep.points[0].loss && least < (sweep.points.last?.loss ?? 0))
        #expect(zip(sweep.points, sweep.points.dropFirst()).allSatisfy { $0.rate < $1.rate })
        #expect(try await trainer.sweepLearningRate(on: data, over: 1e-4...100, steps: 80) == sweep)
        #expect(sweep.chart.svg.text.contains("learning rate"))
        trainer.schedule = .oneCycle(peak: sweep.suggestion)
        let trained = try await trainer.train(on: data, validatingOn: data) { _ in }
        #expect(try #require(trained.history.last?.values["validation.accuracy"]) > 0.8, "\(sweep.suggestion)")
        #expect(trained.history.charts.map(\.title) == ["Loss", "Accuracy"])
        await #expect(throws: MLOpsError.self) { try await trainer.sweepLearningRate(on: data, over: 0...1) }
    }

    @Test("a loss that is not finite names the step, the layer and the last good checkpoint")
    func divergenceSaysWhere() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cnn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        var trainer = try toyTrainer(epochs: 3)
        trainer.schedule = .constant(1e30)
        trainer.checkpointFile = file
        trainer.stepsPerCheckpoint = 1
        let data = try stripesAndBlobs(64, seed: 1)
        let error = await #expect(throws: MLOpsError.self) {
            _ = try await trainer.train(on: data, validatingOn: data) { _ in }
        }
        #expect(error?.code == .diverged)
        #expect(error?.message.contains("step ") == true && error?.message.contains("1.") == true)
        #expect(error?.help.contains(file.path) == true, "\(String(describing: error))")
    }

    @Test("a checkpoint of other hyperparameters, a damaged one and a missing one are refused")
    func refusesForeignCheckpoints() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cnn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let data = try stripesAndBlobs(32, seed: 1)
        var trainer = try toyTrainer(epochs: 1)
        trainer.checkpointFile = file
        _ = try await trainer.train(on: data, validatingOn: data) { _ in }
        func code(_ trainer: CNNTrainer, _ file: URL) async -> MLOpsError.Code? {
            do { _ = try await trainer.resume(from: file, on: data, validatingOn: data) { _ in } } catch {
                return (error as? MLOpsError)?.code
            }
            return nil
        }
        var other = trainer
        other.seed += 1
        #expect(await code(other, file) == .invalidArgument)
        #expect(await code(trainer, file.appendingPathExtension("no")) == .notFound)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 5] ^= 1
        try bytes.write(to: file)
        #expect(await code(trainer, file) == .corruptData)
    }

    @Test("bad data and bad settings throw, and say what to do")
    func badInputThrows() async throws {
        let good = try stripesAndBlobs(12, seed: 1)
        func code(
            _ data: InMemoryDataset<LabeledImage>, _ change: (inout CNNTrainer) -> Void = { _ in }
        ) async throws -> MLOpsError.Code? {
            var trainer = try toyTrainer(epochs: 1)
            change(&trainer)
            do { _ = try await trainer.train(on: data, validatingOn: good) { _ in } } catch let error as MLOpsError {
                return error.code
            }
            return nil
        }
        let example = good.example(at: 1)
        let oneClass = InMemoryDataset(Array(repeating: example, count: 5))
        let foreign = InMemoryDataset([example, LabeledImage(example.image, label: 2, id: "two")])
        #expect(try await code(InMemoryDataset([])) == .insufficientData)
        #expect(try await code(oneClass) == .insufficientData)
        #expect(try await code(oneClass) { $0.cacheByteLimit = 0 } == .insufficientData)
        #expect(try await code(foreign) == .invalidArgument)
        #expect(try await code(good) { $0.labels = ["one"] } == .invalidArgument)
        #expect(try await code(good) { $0.batchSize = 0 } == .invalidArgument)
        #expect(try await code(good) { $0.network.layers.insert(.maxPool(size: 17), at: 0) } == .invalidArgument)
        #expect(try await code(good) { $0.schedule = .constant(1e30) } == .diverged)
        #expect(try await code(good) { $0.batchSize = 1 } == nil)
    }

    @Test("stops when nothing gets better, and gives the best epoch's weights")
    func stopsEarly() async throws {
        var trainer = try toyTrainer(epochs: 40)
        trainer.schedule = .constant(0)
        trainer.patience = 3
        let data = try stripesAndBlobs(32, seed: 1)
        trainer.selection = .highestValidationAccuracy
        // With a rate of 0 only the running statistics move.
        let trained = try await trainer.train(on: data, validatingOn: data) { _ in }
        #expect(trained.history.count == trained.bestEpoch + 4)
        #expect(trained.history.count < 40)
    }

    @Test("without validation data the last epoch is given back")
    func worksWithoutValidation() async throws {
        let trained = try await toyTrainer(epochs: 2).train(
            on: stripesAndBlobs(20, seed: 1), validatingOn: InMemoryDataset([])
        ) { _ in }
        #expect(trained.bestEpoch == 1)
        #expect(trained.history[1].values["validation.loss"] == nil)
    }

    @Test("ends with CancellationError when its task is cancelled, and leaves a checkpoint to resume from")
    func canBeCancelled() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("cnn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let data = try stripesAndBlobs(64, seed: 1)
        var trainer = try toyTrainer(epochs: 2)
        trainer.checkpointFile = file
        let cancelling = trainer
        let task = Task {
            try await cancelling.train(on: data, validatingOn: data) { event in
                if case .step(epoch: 1, _, _, _) = event { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        let resumed = try await trainer.resume(from: file, on: data, validatingOn: data) { _ in }
        #expect(resumed.history.count == 2)
    }

    @Test("reports every epoch once, in order, and steps that count up to their total")
    func reportsInOrder() async throws {
        let events = Mutex<[TrainingEvent]>([])
        _ = try await toyTrainer(epochs: 2).train(
            on: stripesAndBlobs(50, seed: 1), validatingOn: InMemoryDataset([])
        ) { event in events.withLock { $0.append(event) } }
        let steps = events.withLock { $0 }.compactMap { event -> Int? in
            if case .step(_, let completed, let total, _) = event { completed * 100 + total } else { nil }
        }
        #expect(steps == [104, 204, 304, 404, 104, 204, 304, 404])
    }

    @Test("its JSON holds the recipe alone")
    func recipeSurvivesJSON() throws {
        var trainer = try toyTrainer()
        let digest = try trainer.digest
        trainer.threads = 5
        trainer.cacheByteLimit = 3
        #expect(try trainer.digest == digest)
        let copy = try CanonicalJSON.decode(CNNTrainer.self, from: CanonicalJSON.encode(trainer))
        #expect(try copy.digest == digest)
        trainer.labelSmoothing = 0.1
        #expect(try trainer.digest != digest)
    }
}
