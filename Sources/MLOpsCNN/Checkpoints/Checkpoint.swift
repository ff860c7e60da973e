package import Foundation
internal import MLOpsCore
internal import MLOpsTensor
internal import MLOpsTrain

/// A training between two steps: tensors, what the optimizer keeps, averages, the best so far, and the history.
///
/// It is one safetensors file, written aside and renamed, so that a kill at any instant leaves the old one or the new.
package struct Checkpoint {
    private struct Progress: Codable {
        var schemaVersion = Checkpoint.schemaVersion
        var recipe: Digest
        var training: DataIdentity
        var validation: DataIdentity
        var step: Int
        var sums: EpochSums
        var bestEpoch: Int?
        var history: [EpochMetrics]
        var epochSeconds: [Double]
        var seconds: Double
    }

    private static let schemaVersion = 2
    private static let key = "swift-mlops.checkpoint"

    private let tensors: [NamedTensor]
    private let progress: Progress

    /// Takes down the state of a training.
    package init(
        _ state: TrainingState, of trainer: CNNTrainer, on data: (training: DataIdentity, validation: DataIdentity)
    ) throws {
        let network = state.network
        var tensors = network.parameters.map {
            NamedTensor("network/\($0.spec.name)", shape: $0.spec.shape, values: $0.value.values)
        }
        for (parameter, slots) in zip(network.learned, state.slots) {
            for (kind, slot) in [("first", slots.first), ("second", slots.second)] {
                tensors.append(
                    NamedTensor("\(kind)/\(parameter.spec.name)", shape: slot.shape, values: slot.values))
            }
        }
        for (kind, values) in [("average", state.average), ("best", state.best)] {
            tensors += zip(network.parameters, values).map {
                NamedTensor("\(kind)/\($0.spec.name)", shape: $0.spec.shape, values: $1)
            }
        }
        self.tensors = tensors
        progress = Progress(
            recipe: try trainer.digest, training: data.training, validation: data.validation, step: state.step,
            sums: state.sums, bestEpoch: state.bestEpoch, history: state.history, epochSeconds: state.epochSeconds,
            seconds: state.seconds)
    }

    /// Reads a checkpoint.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, `corruptData`, or `newerSchema`.
    package init(contentsOf file: URL) throws {
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            throw MLOpsError(
                .notFound, "There is no checkpoint at \(file.path).",
                help: "Give the file that a training with this checkpointFile wrote, or train from the start.")
        }
        let (tensors, metadata) = try Safetensors.decode(bytes, source: file.path)
        self.tensors = tensors
        progress = try CanonicalJSON.decode(
            Progress.self, schemaVersion: Self.schemaVersion, from: Data((metadata[Self.key] ?? "").utf8),
            source: "the metadata of \(file.path)")
    }

    /// Writes the checkpoint in place of an older one.
    func write(to file: URL) throws {
        let text = String(decoding: try CanonicalJSON.encode(progress), as: UTF8.self)
        try DurableFile.write(Safetensors.encode(tensors, metadata: [Self.key: text]), to: file)
    }

    /// Sets a fresh state to the one that was taken down.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when other hyperparameters wrote the checkpoint.
    package func restore(_ state: TrainingState, for trainer: CNNTrainer) throws {
        guard progress.recipe == (try trainer.digest) else {
            throw MLOpsError(
                .invalidArgument,
                "The checkpoint is of the hyperparameters \(progress.recipe.short), not of \(try trainer.digest.short).",
                help: "Resume with the trainer that wrote it, or train from the start.")
        }
        let count = progress.training.count
        let steps = trainer.stepsPerEpoch(exampleCount: min(count, 1 << 40))
        guard (1...1 << 40).contains(count), (0...steps).contains(progress.sums.steps),
            progress.history.count <= trainer.epochs,
            progress.step == progress.history.count * steps + progress.sums.steps,
            progress.epochSeconds.count == progress.history.count,
            progress.bestEpoch.map({ progress.history.indices.contains($0) }) ?? true
        else {
            throw MLOpsError(
                .corruptData,
                "The checkpoint is at step \(progress.step) after \(progress.history.count) epochs of \(steps) steps.",
                help: "Train from the start, or from an older copy of the checkpoint.")
        }
        let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        func values(_ name: String, count: Int) throws -> [Float] {
            guard let tensor = byName[name], tensor.values.count == count else {
                throw MLOpsError(
                    .corruptData, "The checkpoint lacks the tensor '\(name)' with \(count) elements.",
                    help: "Train from the start, or from an older copy of the checkpoint.")
            }
            return tensor.values
        }
        let network = state.network
        func values(_ kind: String) throws -> [[Float]] {
            try network.parameters.map { try values("\(kind)/\($0.spec.name)", count: $0.spec.count) }
        }
        network.setValues(try values("network"))
        for (parameter, slots) in zip(network.learned, state.slots) {
            for (kind, slot) in [("first", slots.first), ("second", slots.second)] {
                let elements = try values("\(kind)/\(parameter.spec.name)", count: slot.count)
                for i in elements.indices { slot.pointer[i] = elements[i] }
            }
        }
        if !state.average.isEmpty { state.average = try values("average") }
        state.best = progress.bestEpoch == nil ? [] : try values("best")
        state.bestEpoch = progress.bestEpoch
        state.step = progress.step
        state.sums = progress.sums
        state.history = progress.history
        state.epochSeconds = progress.epochSeconds
        state.seconds = progress.seconds
    }

    /// Throws ``MLOpsError`` with `invalidArgument` when other data wrote the checkpoint.
    package func require(_ data: (training: DataIdentity, validation: DataIdentity)) throws {
        for (name, old, new) in [
            ("train", progress.training, data.training), ("validate", progress.validation, data.validation),
        ] where !old.matches(new) {
            throw MLOpsError(
                .invalidArgument,
                "The checkpoint was written with other data to \(name) on: \(old.count) examples then, \(new.count) now.",
                help: "Resume with the data that wrote it, or train from the start.")
        }
    }
}
