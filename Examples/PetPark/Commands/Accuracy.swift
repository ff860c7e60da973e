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
        let curve = zip(train.history.suffix(train.epochSeconds.count), train.epochSeconds).map { epoch, seconds in
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
            "Takes about an hour for 23,000 photographs on 2 cores with AVX-512; nothing else may run beside it.")

    @OptionGroup var options: ParkOptions

    @Option(help: "A folder of photographs with one sub-folder per class.")
    var photos: String

    func run() async throws {
        var park = try await options.open()
        let (settings, stages) = ParkSettings.accuracy(URL(fileURLWithPath: photos, isDirectory: true).path)
        try park.update { $0 = settings }
        try options.show(try await park.ingest())
        var (model, minutes) = (CNNModel?.none, 0.0)
        for stage in stages {
            let train = try await park.train(from: model, stage: stage)
            minutes += train.seconds / 60
            try options.show(AccuracySummary(train: train, test: try await park.test(), minutes: minutes))
            model = try CNNModel(serialized: park.candidate().file(Park.weightsPath).bytes)
        }
    }
}
