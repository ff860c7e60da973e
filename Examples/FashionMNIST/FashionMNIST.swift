import ArgumentParser
import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsTensor
import MLOpsTrain

/// Ten kinds of clothing in pictures of 28 × 28: a network of this package learns them in a few minutes.
@main
struct FashionMNIST: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train on the 60,000 pictures of Fashion-MNIST, and test on its 10,000 others.")

    @Option(help: "The folder of the four files, unpacked.")
    var data = "/usr/share/datasets/fashion-mnist"

    @Option(help: "How often every picture is shown.")
    var epochs = 14

    @Option(help: "Where all chance comes from.")
    var seed: UInt64 = 2026

    static let labels = [
        "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
    ]

    func run() async throws {
        let (training, test) = (try dataset("train"), try dataset("t10k"))
        var trainer = CNNTrainer(
            network: .petNet(classes: 10, width: 0.5),
            preprocessing: try ImagePreprocessing(
                width: 28, height: 28, mean: [0.286, 0.286, 0.286], standardDeviation: [0.353, 0.353, 0.353]),
            labels: Self.labels)
        trainer.epochs = epochs
        trainer.batchSize = 64
        trainer.augmentation = ImageAugmentation(cropScale: 0.9...1.05, erasing: 0.1)
        trainer.schedule = .oneCycle(peak: 0.1)
        trainer.averaging = 0.998
        trainer.selection = .last
        trainer.seed = seed

        let (progress, start) = (TerminalProgress(), Date())
        let epochs = epochs
        let trained = try await trainer.train(on: training, validatingOn: InMemoryDataset<LabeledImage>([])) { event in
            if case .step(let epoch, let completed, let total, let loss) = event {
                progress.report(
                    ProgressUpdate(
                        "train", completed: epoch * total + completed, total: epochs * total,
                        remark: "loss \(String(format: "%.3f", loss))"))
            }
        }
        let seconds = Date().timeIntervalSince(start)
        let examples = try (0..<test.count).map { try test.example(at: $0) }
        let logits = try trained.model.predict(examples.map(\.image), compute: Compute())
        let correct = zip(logits, examples).count { row, example in
            row.indices.max { row[$0] < row[$1] } == example.label
        }
        print("Trained \(epochs) epochs of \(training.count) pictures in \(Int(seconds)) s.")
        print("accuracy \(Estimate.proportion(correct, of: examples.count)) on \(examples.count) pictures kept aside")
    }

    private func dataset(_ part: String) throws -> IDXDataset {
        let folder = URL(fileURLWithPath: data, isDirectory: true)
        return try IDXDataset(
            images: folder.appendingPathComponent("\(part)-images-idx3-ubyte"),
            labels: folder.appendingPathComponent("\(part)-labels-idx1-ubyte"))
    }
}
