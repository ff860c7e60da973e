import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsTrain
import Synchronization

/// Trainings on photographs, to be compared with as many steps on one batch that is there already.
struct FeedingWork {
    /// The photographs of an epoch, in steps of 32.
    static let count = 640

    private let photographs: Photographs
    private let trainer: CNNTrainer

    init(_ subject: Subject, folder: String, threads: Int?) throws {
        let size = try ImagePreprocessing(width: subject.side, height: subject.side)
        photographs = try Photographs(folder: URL(filePath: folder), count: Self.count, size: size)
        var trainer = CNNTrainer(network: subject.spec, preprocessing: size, labels: photographs.labels)
        trainer.threads = threads
        self.trainer = trainer
    }

    /// The seconds of some epochs after a first one.
    ///
    /// - Parameter keeping: whether decoded pictures stay in memory, or are read again in every epoch.
    func run(epochs: Int, keeping: Bool) async throws -> Double {
        var trainer = trainer
        trainer.epochs = epochs + 1
        if !keeping { trainer.cacheByteLimit = 0 }
        let ends = Mutex<[ContinuousClock.Instant]>([])
        _ = try await trainer.train(on: photographs, validatingOn: InMemoryDataset<LabeledImage>([])) { event in
            if case .epoch = event { ends.withLock { $0.append(.now) } }
        }
        let times = ends.withLock { $0 }
        return (times[epochs] - times[0]) / .seconds(1)
    }
}

/// Photographs in a folder with one sub-folder per class, read and decoded when they are asked for.
private struct Photographs: Dataset {
    let labels: [String]
    let size: ImagePreprocessing
    private let files: [(url: URL, label: Int)]

    /// Takes as many of each class.
    init(folder: URL, count: Int, size: ImagePreprocessing) throws {
        func names(_ folder: URL) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        }
        labels = try names(folder).filter { !$0.contains(".") }
        self.size = size
        let classes = try labels.enumerated().map { label, name in
            let place = folder.appending(path: name)
            return try names(place).prefix(count / 2).map { (url: place.appending(path: $0), label: label) }
        }
        files = classes.flatMap { $0 }
    }

    var count: Int { files.count }

    func example(at index: Int) async throws -> LabeledImage {
        let bytes = [UInt8](try Data(contentsOf: files[index].url))
        let image = try ImageInputDecoder().image(from: bytes, width: size.width, height: size.height)
        return LabeledImage(image, label: files[index].label, id: files[index].url.lastPathComponent)
    }
}
