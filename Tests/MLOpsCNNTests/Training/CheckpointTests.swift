import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsTensor
import MLOpsTrain
import Testing

@Suite("Checkpoint")
struct CheckpointTests {
    private struct Stop: Error {}

    private func withFile(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoint-\(UUID().uuidString)")
        try DurableFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appendingPathComponent("newest.safetensors"))
    }

    /// 4 steps in each of 3 epochs, all of which are reported.
    private func trainer(_ file: URL) throws -> CNNTrainer {
        var trainer = try toyTrainer(epochs: 3)
        trainer.checkpointFile = file
        return trainer
    }

    private func changed(
        _ data: InMemoryDataset<LabeledImage>, at place: Int, _ change: (inout LabeledImage) throws -> Void
    ) rethrows -> InMemoryDataset<LabeledImage> {
        var examples = (0..<data.count).map { data.example(at: $0) }
        try change(&examples[place])
        return InMemoryDataset(examples)
    }

    @Test("a checkpoint of as many other examples is refused, whether a picture, a label or a held-back one is another")
    func knowsItsData() async throws {
        try await withFile { file in
            let (data, held) = (try stripesAndBlobs(64, seed: 1), try stripesAndBlobs(20, seed: 2))
            var trainer = try trainer(file)
            let whole = try await trainer.train(on: data, validatingOn: held) { _ in }
            let relabeled = changed(data, at: 40) { $0.label = 1 - $0.label }
            let repainted = try changed(held, at: 7) { $0.image = try stripesAndBlobs(1, seed: 3).example(at: 0).image }
            for (training, validation, word) in [(relabeled, held, "train"), (data, repainted, "validate")] {
                let error = await #expect(throws: MLOpsError.self) {
                    _ = try await trainer.resume(from: file, on: training, validatingOn: validation) { _ in }
                }
                #expect(error?.code == .invalidArgument && error?.message.contains(word) == true)
            }
            // The same pictures are the same data, kept in memory or not.
            trainer.cacheByteLimit = 0
            let resumed = try await trainer.resume(from: file, on: data, validatingOn: held) { _ in }
            #expect(resumed.model.weightsDigest == whole.model.weightsDigest)
        }
    }

    @Test("a cancellation leaves a checkpoint of that step, and the training goes on from there to the same bits")
    func isWrittenOnCancellation() async throws {
        try await withFile { file in
            let (data, held) = (try stripesAndBlobs(64, seed: 1), try stripesAndBlobs(20, seed: 2))
            let trainer = try trainer(file)
            let whole = try await trainer.train(on: data, validatingOn: held) { _ in }
            for place in 1...11 {
                try? FileManager.default.removeItem(at: file)
                let task = Task {
                    try await trainer.train(on: data, validatingOn: held) { event in
                        guard case .step(let epoch, let completed, _, _) = event else { return }
                        if epoch * 4 + completed == place { withUnsafeCurrentTask { $0?.cancel() } }
                    }
                }
                await #expect(throws: CancellationError.self) { _ = try await task.value }
                let steps = EventCounter()
                let resumed = try await trainer.resume(from: file, on: data, validatingOn: held) {
                    await steps.count($0)
                }
                #expect(await steps.steps == 12 - place, "cancelled after step \(place)")
                #expect(resumed.model.weightsDigest == whole.model.weightsDigest, "cancelled after step \(place)")
                #expect(resumed.history == whole.history && resumed.bestEpoch == whole.bestEpoch)
            }
        }
    }

    @Test("the time of a training counts on after a stop, epoch by epoch")
    func keepsTheTime() async throws {
        try await withFile { file in
            let data = try stripesAndBlobs(64, seed: 1)
            let trainer = try trainer(file)
            await #expect(throws: Stop.self) {
                _ = try await trainer.train(on: data, validatingOn: data) { event in
                    try await Task.sleep(for: .milliseconds(10))
                    if case .step(epoch: 1, _, _, _) = event { throw Stop() }
                }
            }
            let resumed = try await trainer.resume(from: file, on: data, validatingOn: data) { _ in }
            let seconds = resumed.epochSeconds
            #expect(seconds.count == 3 && seconds == seconds.sorted())
            #expect(try #require(seconds.first) >= 0.04, "4 reports of 10 ms lie in the first epoch")
        }
    }

    @Test("as many older checkpoints as asked for are kept, and each can be gone on from")
    func keepsOlderOnes() async throws {
        try await withFile { file in
            let data = try stripesAndBlobs(64, seed: 1)
            var trainer = try trainer(file)
            trainer.stepsPerCheckpoint = 1
            trainer.checkpointsKept = 3
            let whole = try await trainer.train(on: data, validatingOn: data) { _ in }
            let folder = file.deletingLastPathComponent()
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names == ["newest.1.safetensors", "newest.2.safetensors", "newest.safetensors"])
            for (name, left) in zip(["newest.safetensors"] + names, [0, 1, 2]) {
                let copy = folder.appendingPathComponent("copy")
                try? FileManager.default.removeItem(at: copy)
                try FileManager.default.copyItem(at: folder.appendingPathComponent(name), to: copy)
                trainer.checkpointFile = nil
                let steps = EventCounter()
                let resumed = try await trainer.resume(from: copy, on: data, validatingOn: data) {
                    await steps.count($0)
                }
                #expect(await steps.steps == left, "\(name)")
                #expect(resumed.model.weightsDigest == whole.model.weightsDigest)
            }
        }
    }

    @Test("a cancellation before the first step leaves the checkpoint that is there as it is")
    func isNotOverwrittenByNothing() async throws {
        try await withFile { file in
            let data = try stripesAndBlobs(64, seed: 1)
            var trainer = try trainer(file)
            _ = try await trainer.train(on: data, validatingOn: data) { _ in }
            let before = try Data(contentsOf: file)
            trainer.cacheByteLimit = 0
            let task = Task { [trainer] in
                withUnsafeCurrentTask { $0?.cancel() }
                return try await trainer.train(on: data, validatingOn: data) { _ in }
            }
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            #expect(try Data(contentsOf: file) == before)
        }
    }

    @Test("a training that went astray goes on from the model of a checkpoint with a lower rate")
    func givesItsModel() async throws {
        try await withFile { file in
            let data = try stripesAndBlobs(64, seed: 1)
            var trainer = try trainer(file)
            trainer.averaging = nil
            trainer.selection = .last
            let trained = try await trainer.train(on: data, validatingOn: data) { _ in }
            #expect(try trainer.model(ofCheckpoint: file) == trained.model)
            trainer.schedule = .constant(1e-4)
            let further = try await trainer.train(
                from: trainer.model(ofCheckpoint: file), on: data, validatingOn: data
            ) { _ in }
            #expect(further.model.weightsDigest != trained.model.weightsDigest)
            trainer.network = .leNet(classes: 2)
            let error = #expect(throws: MLOpsError.self) { try trainer.model(ofCheckpoint: file) }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test(
        "a checkpoint that other vector instructions wrote is refused", .enabled(if: InstructionSet.available.count > 1)
    )
    func knowsItsInstructions() async throws {
        try await withFile { file in
            let data = try stripesAndBlobs(64, seed: 1)
            let trainer = try trainer(file)
            _ = try await trainer.train(on: data, validatingOn: data) { _ in }
            let input = FeatureShape(height: 16, width: 16, channels: 3)
            let state = TrainingState(network: try Network(trainer.network, input: input, seed: 1), trainer)
            let compute = Compute(threads: 1, instructionSet: .available[0])
            let error = #expect(throws: MLOpsError.self) {
                try Checkpoint(contentsOf: file).restore(state, for: trainer, by: compute)
            }
            #expect(error?.code == .invalidArgument && error?.message.contains("\(compute.instructionSet)") == true)
        }
    }

    @Test("a loss that is not finite names no checkpoint that this training did not write or begin from")
    func namesItsOwn() async throws {
        try await withFile { file in
            let data = try stripesAndBlobs(64, seed: 1)
            var trainer = try trainer(file)
            _ = try await trainer.train(on: data, validatingOn: data) { _ in }
            trainer.schedule = .constant(1e30)
            let error = await #expect(throws: MLOpsError.self) {
                _ = try await trainer.train(on: data, validatingOn: data) { _ in }
            }
            #expect(error?.code == .diverged && error?.help.contains(file.path) == false)
        }
    }

    @Test("a checkpoint of another layout is told from a damaged one, whatever it lacks", arguments: [1, 3])
    func looksAtTheLayoutFirst(_ version: Int) async throws {
        try await withFile { file in
            let metadata = ["swift-mlops.checkpoint": #"{"schemaVersion":\#(version)}"#]
            try DurableFile.write(Safetensors.encode([], metadata: metadata), to: file)
            let error = #expect(throws: MLOpsError.self) { try Checkpoint(contentsOf: file) }
            #expect(error?.code == (version > 2 ? .newerSchema : .corruptData))
            #expect(error?.message.contains("\(version)") == true)
        }
    }
}

private actor EventCounter {
    private(set) var steps = 0

    func count(_ event: TrainingEvent) { if case .step = event { steps += 1 } }
}
