import MLOpsCore
import MLOpsData
import Testing

@Suite("Mixing pictures") struct MixingTests {
    /// A part to learn from, of even pictures whose value is 8 times their number.
    private func training(in store: DatasetStore) async throws -> ImageDataset<TrainingPart> {
        let records = try (0..<24).map { i in
            RawRecord(
                id: "\(i)",
                bytes: try Image(width: 16, height: 16, pixels: Array(repeating: UInt8(i * 8), count: 768)).png(),
                label: i % 2 == 0 ? "dog" : "cat")
        }
        let report = try await Ingestion("pictures").run(from: InMemorySource(records), into: store)
        let split = try Split(seed: 2, train: 1)(report.version)
        return try await split.training(from: store, preprocessing: ImagePreprocessing(width: 16, height: 16))
    }

    @Test("Shares of pixels are shares of labels", arguments: [Mixing.Method.mixup, .cutmix])
    func mixes(method: Mixing.Method) async throws {
        try await withTemporaryFolder { folder in
            let training = try await training(in: DatasetStore(at: folder))
            let mixed = try training.augmented(by: Augmentation(seed: 1, []), epoch: 0).mixed(
                by: Mixing(method, seed: 3, alpha: 1))
            var shares: [Double] = []
            for i in 0..<mixed.count {
                let example = try await mixed.example(at: i)
                #expect(try await mixed.example(at: i) == example)
                let own = try #require(UInt8(example.id)) * 8
                let values = Set(example.image.pixels)
                if method == .cutmix, values.count == 2 {
                    let share = Double(example.image.pixels.count { $0 == own }) / 768
                    #expect(abs(share - example.share) < 1e-12)
                } else {
                    #expect(values.count == 1)
                }
                let probabilities = example.probabilities(classes: 2)
                #expect(abs(probabilities[0] + probabilities[1] - 1) < 1e-6)
                #expect(example.label != example.otherLabel || probabilities[example.label] > 0.999)
                shares.append(example.share)
            }
            #expect(Set(shares).count > 6)
            #expect(shares.allSatisfy { (0...1).contains($0) })
        }
    }

    @Test("An alpha that draws no share is refused", arguments: [0, -1, 2, Double.nan]) func refusesAlpha(alpha: Double)
    {
        #expect(throws: MLOpsError.self) { try Mixing(.mixup, seed: 1, alpha: alpha) }
    }
}
