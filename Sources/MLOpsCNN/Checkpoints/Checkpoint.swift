package import Foundation
internal import MLOpsCore
package import MLOpsTensor
internal import MLOpsTrain

/// A training between two steps: tensors, what the optimizer keeps, averages, the best so far, and the history.
///
/// It is one safetensors file, written aside and renamed, so that a kill at any instant leaves the old one or the new.
package struct Checkpoint {
    private struct Progress: Codable {
        var schemaVersion = Checkpoint.schemaVersion
        var recipe: Digest
        var instructionSet: String
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
        _ state: TrainingState, of trainer: CNNTrainer, on data: (training: DataIdentity, validation: DataIdentity),
        by compute: Compute
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
            recipe: try trainer.digest, instructionSet: compute.instructionSet.name, training: data.training,
            validation: data.validation, step: state.step,
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
        guard let text = metadata[Self.key] else {
            throw MLOpsError(
                .corruptData, "\(file.path) is no checkpoint.",
                help: "Give the file that a training with this checkpointFile wrote; the weights of a model are none.")
        }
        progress = try CanonicalJSON.decode(
            Progress.self, schemaVersion: Self.schemaVersion, from: Data(text.utf8),
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
    package func restore(_ state: TrainingState, for trainer: CNNTrainer, by compute: Compute) throws {
        guard progress.recipe == (try trainer.digest) else {
            throw MLOpsError(
                .invalidArgument,
                "The checkpoint is of the hyperparameters \(progress.recipe.short), not of \(try trainer.digest.short).",
                help: "Resume with the trainer that wrote it, or train from the start.")
        }
        // Each rounds sums in its own way: the bits would be those of neither.
        guard progress.instructionSet == compute.instructionSet.name else {
            throw MLOpsError(
                .invalidArgument,
                "The checkpoint was written with \(progress.instructionSet) instructions, which round in another way than "
                    + "\(compute.instructionSet) here.",
                help: "Resume on a processor like that one, train from the start, or train on from its model.")
        }
        let count = progress.training.count
        let steps = trainer.stepsPerEpoch(exampleCount: min(count, 1 << 40))
        guard (1...1 << 40).contains(count), (0...steps).contains(progress.sums.steps),
            progress.history.count <= trainer.epochs,
            progress.step == progress.history.count * steps + progress.sums.steps,
            progress.epochSeconds.count == progress.history.count,
            progress.bestEpoch.map(progress.history.indices.contains) ?? progress.history.isEmpty,
            (0...count).contains(progress.sums.correct),
            progress.sums.classes.allSatisfy(trainer.labels.indices.contains)
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
        state.data = (progress.training, progress.validation)
        state.savedAt = (state.step, state.history.count)
    }

    /// The weights of the network at that step, or their average when the training keeps one.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when they are not of such a network.
    func weights(_ parameters: [ParameterSpec]) throws -> [NamedTensor] {
        let kind = tensors.contains { $0.name.hasPrefix("average/") } ? "average" : "network"
        return try parameters.map { parameter in
            guard let tensor = tensors.first(where: { $0.name == "\(kind)/\(parameter.name)" }),
                tensor.shape == parameter.shape
            else {
                throw MLOpsError(
                    .invalidArgument, "The checkpoint has no \(parameter.name) \(parameter.shape).",
                    help: "Give the trainer the network that the checkpoint is of.")
            }
            return NamedTensor(parameter.name, shape: tensor.shape, values: tensor.values)
        }
    }
}
