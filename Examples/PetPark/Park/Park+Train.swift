import Foundation
import MLOps
import MLOpsCNN
import MLOpsONNX
import MLOpsTensor

/// What came of a training.
struct TrainSummary: Codable, CustomStringConvertible {
    var run: String
    var package: Digest
    var weights: Digest
    var folder: String
    var recipe: Recipe
    var trials: [TrialRecord<Recipe>]
    var history: [EpochMetrics]
    /// The epoch whose weights are kept, from 0.
    var bestEpoch: Int
    /// When each epoch ended, in seconds that the training ran until then.
    var epochSeconds: [Double]
    var pictures: Int
    /// How long the training ran, in seconds: not the search before it, nor what a kill undid.
    var seconds: Double

    var description: String {
        var lines = trials.map { trial in
            "  trial \(trial.number): rate \(trial.parameters.learningRate.formatted(.number.precision(.significantDigits(2)))), "
                + "smoothing \(trial.parameters.labelSmoothing): "
                + (trial.value.map { "validation \(percent($0))" } ?? trial.error ?? "no value")
        }
        let kept = history.first { $0.epoch == bestEpoch } ?? history.last
        let accuracy = kept?.values["validation.accuracy"].map { ", validation \(percent($0))" } ?? ""
        let isLast = kept?.epoch == history.last?.epoch
        let epoch = isLast ? "" : " after epoch \(bestEpoch + 1), which is kept"
        lines.append(
            "Trained \(history.count) \(history.count == 1 ? "epoch" : "epochs") of \(pictures) pictures in \(decimal(seconds)) s\(accuracy)\(epoch).\n"
                + "  package \(package.short) in \(folder)\n  weights \(weights)")
        return lines.joined(separator: "\n")
    }
}

extension Park {
    static let weightsPath = "weights.safetensors"

    /// Searches the recipe, trains, and packages the network as ONNX.
    ///
    /// - Parameters:
    ///   - start: the model to train on from; random weights when `nil`.
    ///   - stage: how to train; by the best recipe of a search when `nil`.
    mutating func train(from start: CNNModel? = nil, stage: TrainingStage? = nil) async throws -> TrainSummary {
        let split = try currentSplit()
        let labels = split.version.labels
        let side = stage?.side ?? settings.side
        let preprocessing = try ImagePreprocessing(width: side, height: side)
        let training = try await split.training(from: datasets, preprocessing: preprocessing)
        let validation = try await split.validation(from: datasets, preprocessing: preprocessing)
        let trials = stage == nil ? try await search(training, validation, split.version) : []
        let best = trials.filter { $0.value != nil }.max { ($0.value ?? 0) < ($1.value ?? 0) }?.parameters
        let stage = stage ?? TrainingStage(side: side, epochs: settings.epochs, recipe: best ?? Recipe())
        let recipe = stage.recipe
        var trainer = try stage.trainer(settings, labels: labels)
        trainer.threads = threads

        // The name holds all that the weights depend on, so that only the same training goes on from the file.
        let origin = [
            try trainer.digest, split.version.digest, try Digest(ofJSON: splitRule), start?.weightsDigest,
        ].compactMap(\.?.short)
        let checkpoint = folder.appendingPathComponent("checkpoint-\(origin.joined(separator: "-")).safetensors")
        trainer.checkpointFile = checkpoint
        trainer.stepsPerCheckpoint = 100
        var examples: any Dataset<LabeledImage> = training
        if start != nil {
            // A day's frames are few; repeated, a third of what is learned from is new.
            let isNew = training.entries.map { $0.id.hasPrefix("camera/") }
            let times = max(1, training.count / max(1, 2 * isNew.count { $0 }))
            examples = OversampledDataset(training, repeating: { isNew[$0] }, times: times)
        }
        let peak = try trainer.peakMemory(training: examples.count, validation: validation.count)
        progress.report(
            ProgressUpdate(
                "train", completed: 0, total: trainer.epochs * trainer.stepsPerEpoch(exampleCount: examples.count),
                remark: "training holds at most \(peak >> 20) MiB besides what is read"))

        let began = clock.now()
        let code = SourceRevision(of: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
        let id = UUID().uuidString.lowercased()
        var manifest = try RunManifest(
            id: id, code: code, dataset: split.version.digest, splitSeed: settings.seed, hyperparameters: trainer,
            seed: settings.seed, instructionSet: InstructionSet.detected.name,
            threadCount: threads ?? ProcessInfo.processInfo.activeProcessorCount, startedAt: began)
        let run = try await registry.runs.start(
            "train", id: id,
            parameters: [
                "recipe": String(decoding: try CanonicalJSON.encode(recipe), as: UTF8.self), "seed": "\(settings.seed)",
                "commit": code.map { $0.commit + ($0.isDirty ? " with changes" : "") } ?? "not in a repository",
                "toolchain": manifest.toolchain, "memory": "at most \(peak >> 20) MiB",
                "start": start.map { "weights \($0.weightsDigest.short)" } ?? "random weights",
            ], dataset: split.version.digest, manifest: manifest)
        let report = reporter("train", epochs: trainer.epochs, to: run)
        let trained: TrainedModel<CNNModel>
        if FileManager.default.fileExists(atPath: checkpoint.path) {
            trained = try await trainer.resume(
                from: checkpoint, on: examples, validatingOn: validation, reporting: report)
        } else if let start {
            trained = try await trainer.train(
                from: start, on: examples, validatingOn: validation, reporting: report)
        } else {
            trained = try await trainer.train(on: examples, validatingOn: validation, reporting: report)
        }
        // A training that went on from a checkpoint reported the epochs after it alone.
        for epoch in trained.history { try await run.log(epoch.values, step: epoch.epoch) }
        manifest.endedAt = clock.now()
        manifest.weights = trained.model.weightsDigest
        let package = try await package(trained.model, manifest: manifest, examples: validation)
        try package.write(to: packageFolder(package.digest))
        try await registry.lineage.record(
            LineageEvent(
                LineageNode(.package, package.digest.description), from: [LineageNode(.run, id)], by: "packaged",
                at: clock.now(), attributes: ["weights": trained.model.weightsDigest.description]))
        try DurableFile.write(
            CanonicalJSON.encode(trained.history),
            to: packageFolder(package.digest).appendingPathComponent("history.json"))
        try update {
            $0.candidate = package.digest
            $0.run = id
        }
        try await run.finish()
        try FileManager.default.removeItem(at: checkpoint)
        return TrainSummary(
            run: id, package: package.digest, weights: trained.model.weightsDigest,
            folder: packageFolder(package.digest).path, recipe: recipe, trials: trials, history: trained.history,
            bestEpoch: trained.bestEpoch, epochSeconds: trained.epochSeconds, pictures: training.count,
            seconds: trained.epochSeconds.last ?? 0)
    }

    /// Tries recipes on a narrow network and a few pictures.
    ///
    /// Every trial is kept in a journal; one that was made before, of the same data in the same way, is not repeated.
    private func search(
        _ training: any Dataset<LabeledImage>, _ validation: any Dataset<LabeledImage>, _ version: DatasetVersion
    ) async throws -> [TrialRecord<Recipe>] {
        var narrow = settings
        narrow.networkWidth = 0.5
        var common = try TrainingStage(side: settings.side, epochs: 4, recipe: Recipe())
            .trainer(narrow, labels: version.labels)
        common.threads = threads
        let origin = "\(try common.digest.short)-\(version.digest.short)-\(try Digest(ofJSON: splitRule).short)"
        let journal = folder.appendingPathComponent("search-\(origin).jsonl")
        let study = Study(
            of: try Recipe.space(), by: RandomSearch(seed: settings.seed), .maximize,
            journal: try FileTrialJournal<Recipe>(at: journal), seed: settings.seed, progress: progress)
        let few = DatasetPrefix(training, limit: 2_000)
        let records = try await study.run(trials: settings.trials) { [common] trial in
            var trainer = common
            trial.parameters.apply(to: &trainer)
            let trained = try await trainer.train(on: few, validatingOn: validation) { _ in }
            return trained.history.last?.values["validation.accuracy"] ?? 0
        }
        return Array(records.prefix(settings.trials))
    }

    private func reporter(
        _ activity: String, epochs: Int, to run: ActiveRun
    ) -> @Sendable (TrainingEvent) async throws -> Void {
        let progress = progress
        return { event in
            switch event {
            case .step(let epoch, let completed, let total, let loss):
                progress.report(
                    ProgressUpdate(
                        activity, completed: epoch * total + completed, total: epochs * total,
                        remark: "loss \(String(format: "%.3f", loss))"))
            case .epoch(let metrics):
                try await run.log(metrics.values, step: metrics.epoch)
            }
        }
    }

    /// The ONNX file, the weights to train on from, and golden vectors by the trainer's own network.
    private func package(
        _ model: CNNModel, manifest: RunManifest, examples: any Dataset<LabeledImage>
    ) async throws -> ModelPackage {
        let provenance = [
            "run": manifest.id, "dataset": manifest.dataset.description, "commit": manifest.code?.commit ?? "unknown",
            "toolchain": manifest.toolchain,
        ]
        let graph = try model.graph(name: Self.modelName, metadata: provenance)
        var images: [Image] = []
        for index in 0..<min(4, examples.count) { images.append(try await examples.example(at: index).image) }
        let golden = try images.map { image in
            let logits = try model.predict([image], compute: Compute(threads: threads))
            return ModelPackage.GoldenVector(
                inputs: ["image": try TensorValue(images: [image])],
                outputs: ["logits": try TensorValue(shape: [1, model.labels.count], floats: logits[0])])
        }
        let compute = Compute(threads: threads)
        let files = try ONNXExporter(compute: compute).files(of: graph, samples: golden.map(\.inputs)) {
            try model.outputs(of: $0, compute: compute)
        }
        return try ModelPackage(
            manifest: .init(
                name: Self.modelName, format: .onnx, signature: model.signature, labels: model.labels,
                preprocessing: model.preprocessing, goldenVectors: golden, provenance: provenance),
            files: try files + [
                ModelFile(path: Self.weightsPath, bytes: model.serialized()),
                ModelFile(path: "run.json", bytes: CanonicalJSON.encodePretty(manifest)),
            ])
    }
}
