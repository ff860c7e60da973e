import ArgumentParser
import Foundation
import MLOps
import MLOpsCNN

/// The accuracy after a stage of training.
struct AccuracySummary: Codable, CustomStringConvertible {
    var train: TrainSummary
    var test: TestSummary
    /// The training time up to the end of this stage, of all stages together.
    var minutes: Double

    var description: String {
        let curve = zip(train.history, train.epochSeconds).map { epoch, seconds in
            let before = minutes - train.seconds / 60
            return
                "  \(decimal(before + seconds / 60)) min: loss \(String(format: "%.3f", epoch.values["loss"] ?? 0)), "
                + "validation \(percent(epoch.values["validation.accuracy"] ?? 0))"
        }
        return (curve + ["\(train)", "After \(decimal(minutes)) min of training:", "\(test)"]).joined(separator: "\n")
    }
}

struct Accuracy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train for the best accuracy on photographs, and test on a fifth of them kept aside.",
        discussion:
            "Takes 45 to 90 minutes for 23,000 photographs on 2 cores with AVX-512 and nothing else to do. When it was "
            + "ended, it goes on where it was."
    )

    @OptionGroup var options: ParkOptions

    @Option(help: "A folder of photographs with one sub-folder per class.")
    var photos: String

    func run() async throws {
        var park = try await options.open()
        let (settings, stages) = ParkSettings.accuracy(URL(fileURLWithPath: photos, isDirectory: true).path)
        try park.dedicate(to: settings)
        try options.show(try await park.ingest())
        let file = park.folder.appendingPathComponent("accuracy.json")
        var done =
            try FileManager.default.contents(atPath: file.path)
            .map { try CanonicalJSON.decode([FinishedStage].self, from: $0, source: file.path) } ?? []
        done = zip(done, stages).prefix { $0.stage == $1 && $0.dataset == park.settings.dataset }.map(\.0)
        if let last = done.last { try park.update { $0.candidate = last.package } }
        for stage in stages.dropFirst(done.count) {
            let model = try done.last.map { _ in
                try CNNModel(serialized: park.candidate().file(Park.weightsPath).bytes)
            }
            let train = try await park.train(from: model, stage: stage)
            let minutes = train.seconds / 60 + (done.last?.minutes ?? 0)
            done.append(
                FinishedStage(
                    stage: stage, dataset: park.settings.dataset, package: train.package, minutes: minutes))
            try DurableFile.write(CanonicalJSON.encode(done), to: file)
            try options.show(AccuracySummary(train: train, test: try await park.test(), minutes: minutes))
        }
    }
}

/// A stage that is done, so that the command goes on after it when it is started again.
private struct FinishedStage: Codable {
    var stage: TrainingStage
    var dataset: Digest?
    var package: Digest
    /// The training time up to its end.
    var minutes: Double
}
