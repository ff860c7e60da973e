import Foundation
import MLOpsCore
import MLOpsData
import Synchronization
import Testing

@Suite("Loading batches") struct LoaderTests {
    private func read<Example>(_ loader: Loader<Example>) async throws -> [[Example]] {
        var batches: [[Example]] = []
        for try await batch in loader { batches.append(batch) }
        return batches
    }

    @Test("Each example comes once an epoch, in an order that seed and epoch fix") func fixesOrder() async throws {
        let dataset = InMemoryDataset(Array(0..<103))
        let first = try await read(Loader(dataset, batchSize: 10, seed: 1, epoch: 0))
        #expect(first.map(\.count) == Array(repeating: 10, count: 10) + [3])
        #expect(first.flatMap { $0 }.sorted() == Array(0..<103))
        #expect(try await read(Loader(dataset, batchSize: 10, seed: 1, epoch: 0, prefetch: 1)) == first)
        #expect(try await read(Loader(dataset, batchSize: 10, seed: 1, epoch: 1)) != first)
        #expect(try await read(Loader(dataset, batchSize: 10, seed: 2, epoch: 0)) != first)
        #expect(try await read(Loader(dataset, batchSize: 10)).flatMap { $0 } == Array(0..<103))
        #expect(try await read(Loader(dataset, batchSize: 10, dropsLast: true)).count == 10)
        #expect(try await read(Loader(InMemoryDataset([Int]()), batchSize: 4)).isEmpty)
        #expect(throws: MLOpsError.self) { try Loader(dataset, batchSize: 0) }
    }

    /// Counts what is asked of it; example 25 is damaged when asked for so.
    private final class Watched: Dataset {
        let count = 60
        let asked = Mutex(0)
        let damaged: Int?
        init(damaged: Int? = nil) { self.damaged = damaged }
        func example(at index: Int) async throws -> Int {
            asked.withLock { $0 += 1 }
            if index == damaged { throw MLOpsError(.corruptData, "example \(index)", help: "") }
            return index
        }
    }

    @Test("No more than the batches ahead are loaded") func boundsPrefetch() async throws {
        let dataset = Watched()
        var iterator = try Loader(dataset, batchSize: 5, prefetch: 2).makeAsyncIterator()
        #expect(try await iterator.next() == [0, 1, 2, 3, 4])
        try await Task.sleep(for: .milliseconds(20))
        #expect(dataset.asked.withLock { $0 } <= 15)
        #expect(try await iterator.next() == [5, 6, 7, 8, 9])
        #expect(dataset.asked.withLock { $0 } <= 20)
    }

    @Test("An example that can't be read ends the loop with its error") func passesErrors() async throws {
        var batches = 0
        await #expect(throws: MLOpsError.self) {
            for try await _ in try Loader(Watched(damaged: 25), batchSize: 10) { batches += 1 }
        }
        #expect(batches == 2)
    }
}

@Suite("Pictures of a split") struct ImageDatasetTests {
    private func split(in store: DatasetStore) async throws -> DatasetSplit {
        let records = try (0..<30).map {
            RawRecord(
                id: "\($0)", bytes: try Fixture.painted(width: 40 + $0, height: 30, seed: $0).jpeg(),
                label: $0 % 2 == 0 ? "dog" : "cat")
        }
        let report = try await Ingestion("pictures").run(from: InMemorySource(records), into: store)
        return try Split(seed: 2, train: 0.6, validation: 0.2)(report.version)
    }

    @Test("A picture is decoded and resized as serving does it") func matchesServing() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let split = try await split(in: store)
            let preprocessing = try ImagePreprocessing(width: 12, height: 10)
            let training = try await split.training(from: store, preprocessing: preprocessing)
            let validation = try await split.validation(from: store, preprocessing: preprocessing)
            let test = try await split.test(from: store, preprocessing: preprocessing)
            #expect(training.count + validation.count + test.count == 30)
            #expect(test.labels == ["cat", "dog"])
            let spec = ModelSignature.TensorSpec("image", .uint8, shape: [-1, 10, 12, 3])
            for (i, entry) in test.entries.enumerated() {
                let example = try await test.example(at: i)
                let served = try await ImageInputDecoder().decode(Array(store.bytes(of: entry)), for: spec)
                #expect(example.image.pixels == served.bytes)
                #expect(example.id == entry.id && test.labels[example.label] == entry.label)
            }
            let seen = Mutex<[[String]]>([])
            for try await batch in try Loader(training, batchSize: 4, seed: 1) {
                seen.withLock { $0.append(batch.map(\.id)) }
            }
            #expect(Set(seen.withLock { $0 }.joined()) == Set(training.entries.map(\.id)))
        }
    }

    @Test("Augmentation changes training pictures by seed, epoch and index alone") func augments() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let split = try await split(in: store)
            let training = try await split.training(
                from: store, preprocessing: ImagePreprocessing(width: 12, height: 10))
            let augmentation = Augmentation.photographs(seed: 9)
            let epochs = [0, 1].map { training.augmented(by: augmentation, epoch: $0) }
            let (plain, first) = (try await training.example(at: 3), try await epochs[0].example(at: 3))
            #expect(first != plain && first.label == plain.label && first.id == plain.id)
            #expect(first.image.width == 12 && first.image.height == 10)
            #expect(try await epochs[0].example(at: 3) == first)
            #expect(try await epochs[1].example(at: 3) != first)
            let large = try await training.augmented(by: augmentation, epoch: 0, width: 20, height: 8).example(at: 3)
            #expect(large.image.width == 20 && large.image.height == 8)
        }
    }

    @Test("Augmented batches are the same however many are loaded at once") func loadsAugmented() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let training = try await split(in: store).training(
                from: store, preprocessing: ImagePreprocessing(width: 12, height: 10))
            let pictures = training.augmented(by: .photographs(seed: 9), epoch: 2)
            var epochs: [[LabeledImage]] = []
            for prefetch in [1, 8] {
                var examples: [LabeledImage] = []
                for try await batch in try Loader(pictures, batchSize: 3, seed: 4, epoch: 2, prefetch: prefetch) {
                    examples += batch
                }
                epochs.append(examples)
            }
            #expect(epochs[0].count == training.count && epochs[0] == epochs[1])
        }
    }

    @Test("Means and deviations of channels are those of all training pixels") func fitsPreprocessing() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let training = try await split(in: store).training(
                from: store, preprocessing: ImagePreprocessing(width: 12, height: 10))
            let fitted = try await training.fittedPreprocessing()
            var values: [[Double]] = [[], [], []]
            for i in 0..<training.count {
                for (place, value) in try await training.example(at: i).image.pixels.enumerated() {
                    values[place % 3].append(Double(value) / 255)
                }
            }
            for channel in 0..<3 {
                let count = Double(values[channel].count)
                let mean = values[channel].reduce(0, +) / count
                let variance = values[channel].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
                #expect(abs(Double(fitted.mean[channel]) - mean) < 1e-6)
                #expect(abs(Double(fitted.standardDeviation[channel]) - variance.squareRoot()) < 1e-6)
            }
            #expect(fitted.width == 12 && fitted.height == 10)
        }
    }

    @Test("A record without a label is no example") func refusesUnlabeled() async throws {
        try await withTemporaryFolder { folder in
            let store = try DatasetStore(at: folder)
            let digest = try await store.store(Fixture.painted(width: 4, height: 4).png())
            let version = try DatasetVersion(entries: [DatasetEntry(id: "x", digest: digest, label: nil)])
            let split = try Split(seed: 1, train: 1)(version)
            await #expect(throws: MLOpsError.self) {
                try await split.training(from: store, preprocessing: ImagePreprocessing(width: 4, height: 4))
            }
        }
    }
}
