import Foundation
import MLOps
import MLOpsCNN

extension Park {
    /// Adds a day's labeled frames to the data, and trains on from the production model.
    mutating func retrain(day number: Int) async throws -> TrainSummary {
        let (log, version) = (try log(of: number), try await version("production"))
        // Named by their place in the day, not by the inference id, which is new each time: the order of the entries
        // decides the order of training.
        let frames = log.notes.enumerated().filter(\.element.isLabeled).map { index, note in
            DatasetEntry(
                id: "camera/day-\(number)/frame-\(index).jpg", digest: note.frame, label: note.truth,
                attributes: ["camera": note.camera, "group": "live/\(note.picture)", "inference": note.id])
        }
        guard let base = settings.dataset else { throw missing("dataset", step: "ingest") }
        let old = try datasets.version(base)
        let kept = old.entries.filter { !$0.id.hasPrefix("camera/day-\(number)/") }
        let new = try DatasetVersion(entries: kept + frames, rejected: old.rejected)
        try await datasets.commit(new)
        try await registry.lineage.record(
            LineageEvent(
                LineageNode(.dataset, new.digest.description),
                from: [LineageNode(.dataset, base.description)]
                    + frames.map { LineageNode(.record, $0.digest.description) },
                by: "extended", at: clock.now(),
                attributes: ["frames": "\(frames.count)", "day": "\(number)", "entries": "\(new.entries.count)"]))
        try update { $0.dataset = new.digest }
        let package = try await registry.package(for: version)
        let start = try CNNModel(serialized: package.file(Self.weightsPath).bytes)
        let stage = TrainingStage(
            side: start.preprocessing.width, epochs: max(4, settings.epochs / 3), recipe: Recipe(learningRate: 0.02))
        return try await train(from: start, stage: stage)
    }
}
