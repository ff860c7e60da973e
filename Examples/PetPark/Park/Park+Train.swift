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
    var pictures: Int
    var seconds: Double

    var description: String {
        var lines = trials.map { trial in
            "  trial \(trial.number): rate \(trial.parameters.learningRate.formatted(.number.precision(.significantDigits(2)))), "
                + "smoothing \(trial.parameters.labelSmoothing): "
                + (trial.value.map { "validation \(percent($0))" } ?? trial.error ?? "no value")
        }
        let last = history.last?.values["validation.accuracy"].map { ", validation \(percent($0))" } ?? ""
        lines.append(
            "Trained \(history.count) epochs of \(pictures) pictures in \(decimal(seconds)) s\(last).\n"
                + "  package \(package.short) in \(folder)\n  weights \(weights)")
        return lines.joined(separator: "\n")
    }
}

extension Park {
    static let weightsPath = "weights.safetensors"

    /// Searches the recipe, trains, and packages the network as ONNX; or trains on from a model with its recipe.
    mutating func train(from start: CNNModel? = nil) async throws -> TrainSummary {
        let split = try currentSplit()
        let labels = split.version.labels
        let preprocessing = try ImagePreprocessing(width: settings.side, height: settings.side)
        let training = try await split.training(from: datasets, preprocessing: preprocessing)
        let validation = try await split.validation(from: datasets, preprocessing: preprocessing)
        let trials = start == nil ? try await search(training, validation, labels) : []
        var recipe = trials.filter { $0.value != nil }.max { ($0.value ?? 0) < ($1.value ?? 0) }?.parameters ?? Recipe()
        if start != nil { recipe.learningRate = 0.02 }
        var trainer = try recipe.trainer(
            settings, labels: labels, width: settings.networkWidth,
            epochs: start == nil ? settings.epochs : max(2, settings.epochs / 3))
        trainer.threads = threads

        let began = clock.now()
        let code = SourceRevision(of: URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
        let id = UUID().uuidString.lowercased()
        var manifest = try RunManifest(
            id: id, code: code, dataset: split.version.digest, splitSeed: settings.seed, hyperparameters: trainer,
            seed: settings.seed, threadCount: threads ?? ProcessInfo.processInfo.activeProcessorCount, startedAt: began)
        let run = try await registry.runs.start(
            "train", id: id,
            parameters: [
                "recipe": String(decoding: try CanonicalJSON.encode(recipe), as: UTF8.self), "seed": "\(settings.seed)",
                "commit": code.map { $0.commit + ($0.isDirty ? " with changes" : "") } ?? "not in a repository",
                "toolchain": manifest.toolchain, "start": start == nil ? "random weights" : "production weights",
            ], dataset: split.version.digest, manifest: manifest)
        let report = reporter("train", epochs: trainer.epochs, to: run)
        let trained: TrainedModel<CNNModel>
        if let start {
            // The day's frames are few; repeated, a quarter of what is learned from is new.
            let isNew = training.entries.map { $0.id.hasPrefix("camera/") }
            let times = max(1, training.count / max(1, 3 * isNew.count { $0 }))
            trained = try await trainer.train(
                from: start, on: OversampledDataset(training, repeating: { isNew[$0] }, times: times),
                validatingOn: validation, reporting: report)
        } else {
            trained = try await trainer.train(on: training, validatingOn: validation, reporting: report)
        }
        try await run.finish()
        manifest.endedAt = clock.now()
        manifest.weights = trained.model.weightsDigest
        let package = try await package(trained.model, manifest: manifest, examples: validation)
        try package.write(to: packageFolder(package.digest))
        try await registry.lineage.record(
            LineageEvent(
                LineageNode(.package, package.digest.description), from: [LineageNode(.run, id)], by: "packaged",
                at: clock.now(), attributes: ["weights": trained.model.weightsDigest.description]))
        try update {
            $0.candidate = package.digest
            $0.run = id
        }
        try DurableFile.write(
            CanonicalJSON.encode(trained.history),
            to: packageFolder(package.digest).appendingPathComponent("history.json"))
        return TrainSummary(
            run: id, package: package.digest, weights: trained.model.weightsDigest,
            folder: packageFolder(package.digest).path, recipe: recipe, trials: trials, history: trained.history,
            pictures: training.count, seconds: clock.now().timeIntervalSince(began))
    }

    /// Tries recipes on a narrow network and a few pictures; every trial is kept in a journal.
    private func search(
        _ training: any Dataset<LabeledImage>, _ validation: any Dataset<LabeledImage>, _ labels: [String]
    ) async throws -> [TrialRecord<Recipe>] {
        let journal = folder.appendingPathComponent("search-\(UUID().uuidString.prefix(8)).jsonl")
        let study = Study(
            of: try Recipe.space(), by: RandomSearch(seed: settings.seed), .maximize,
            journal: try FileTrialJournal<Recipe>(at: journal), seed: settings.seed, progress: progress)
        let (settings, threads) = (settings, threads)
        let few = DatasetPrefix(training, limit: 2_000)
        return try await study.run(trials: settings.trials) { trial in
            var trainer = try trial.parameters.trainer(settings, labels: labels, width: 0.5, epochs: 4)
            trainer.threads = threads
            let trained = try await trainer.train(on: few, validatingOn: validation) { _ in }
            return trained.history.last?.values["validation.accuracy"] ?? 0
        }
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
            case .epoch(let metrics): try await run.log(metrics.values, step: metrics.epoch)
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
        return try ModelPackage(
            manifest: .init(
                name: Self.modelName, format: .onnx, signature: model.signature, labels: model.labels,
                preprocessing: model.preprocessing, goldenVectors: golden, provenance: provenance),
            files: try ONNXSerializer().serialize(graph) + [
                ModelFile(path: Self.weightsPath, bytes: model.serialized()),
                ModelFile(path: "run.json", bytes: CanonicalJSON.encodePretty(manifest)),
            ])
    }
}
