import Foundation
import MLOpsCore
import MLOpsData

/// This package's side of the decoding benchmark: photographs that lie in memory become 64 × 64 pixels.
///
///     decode      each file decoded and resized
///     augment     each picture of 64 × 64, decoded before, augmented as photographs are
///     load        an epoch: a store of the files read, decoded, augmented and batched by a Loader
///
/// Its arguments are the number of threads, a folder with a folder of JPEGs for each class, and how many files to take.
/// `compare_decoding.py` starts it beside its peers, turn by turn; each command is answered by the seconds it took.
@main
enum DecodingContender {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let threads = Int(arguments[1]), let most = Int(arguments[3]), threads >= 1,
            most >= 1
        else {
            print("usage: DecodingContender THREADS FOLDER COUNT")
            exit(64)
        }
        let files = try photographs(in: URL(filePath: arguments[2]), most: most)
        let decoder = ImageInputDecoder()
        let augmentation = Augmentation.photographs(seed: 1)
        let pictures = try files.map { try decoder.image(from: $0.bytes, width: 64, height: 64) }
        var training: (folder: URL, dataset: ImageDataset<TrainingPart>)?
        var epoch = 0
        while let line = readLine() {
            let start = ContinuousClock.now
            switch line {
            case "decode":
                try await each(files.count, threads: threads) {
                    _ = try decoder.image(from: files[$0].bytes, width: 64, height: 64)
                }
            case "augment":
                try await each(files.count, threads: threads) {
                    _ = try augmentation(pictures[$0], epoch: 0, sample: files[$0].id)
                }
            case "load":
                let opened: (folder: URL, dataset: ImageDataset<TrainingPart>)
                if let training { opened = training } else { opened = try await store(files) }
                training = opened
                epoch += 1
                let begin = ContinuousClock.now
                var count = 0
                let pictures = opened.dataset.augmented(by: augmentation, epoch: epoch)
                for try await batch in try Loader(pictures, batchSize: 32, seed: 1, epoch: epoch) {
                    count += batch.count
                }
                guard count == files.count else { throw MLOpsError(.corruptData, "\(count) pictures came.", help: "") }
                print((ContinuousClock.now - begin) / .seconds(1))
                fflush(nil)
                continue
            default:
                print("unknown command: \(line)")
                exit(64)
            }
            print((ContinuousClock.now - start) / .seconds(1))
            fflush(nil)
        }
        if let training { try FileManager.default.removeItem(at: training.folder) }
    }

    private struct Photograph: Sendable {
        var id: String
        var bytes: Data
    }

    /// Every so many of the JPEGs below a folder, in the order of their paths.
    private static func photographs(in folder: URL, most: Int) throws -> [Photograph] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".jpg") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let step = max(1, paths.count / most)
        return try stride(from: 0, to: paths.count, by: step).prefix(most).map {
            Photograph(id: paths[$0], bytes: try Data(contentsOf: folder.appending(path: paths[$0])))
        }
    }

    private static func each(
        _ count: Int, threads: Int, _ body: @Sendable @escaping (Int) throws -> Void
    ) async throws {
        if threads == 1 {
            for i in 0..<count { try body(i) }
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                group.addTask { for i in stride(from: thread, to: count, by: threads) { try body(i) } }
            }
            try await group.waitForAll()
        }
    }

    private static func store(_ files: [Photograph]) async throws -> (URL, ImageDataset<TrainingPart>) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "decoding-" + UUID().uuidString)
        let store = try DatasetStore(at: folder)
        let records = files.map { RawRecord(id: $0.id, bytes: $0.bytes, label: String($0.id.prefix { $0 != "/" })) }
        let version = try await Ingestion("photographs").run(from: InMemorySource(records), into: store).version
        let split = try Split(seed: 1, train: 1, group: .id)(version)
        return (folder, try await split.training(from: store, preprocessing: ImagePreprocessing(width: 64, height: 64)))
    }
}
