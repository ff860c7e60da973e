import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsTensor
import MLOpsTrain
import Testing

@Suite("Training on smaller pictures")
struct TrainingScaleTests {
    @Test("the model takes pictures of the preprocessing's size, and is validated on them")
    func judgesOnTheFullSize() async throws {
        var trainer = try toyTrainer(epochs: 6)
        trainer.preprocessing = try ImagePreprocessing(width: 20, height: 20)
        trainer.trainingScale = 0.8
        #expect(trainer.trainingPreprocessing.inputShape == FeatureShape(height: 16, width: 16, channels: 3))
        let held = try stripesAndBlobs(160, size: 20, seed: 2)
        let trained = try await trainer.train(on: stripesAndBlobs(320, size: 20, seed: 1), validatingOn: held) { _ in }
        #expect(trained.model.preprocessing == trainer.preprocessing)
        var images: [Image] = []
        var labels: [Int] = []
        for index in 0..<held.count {
            let example = held.example(at: index)
            images.append(example.image)
            labels.append(example.label)
        }
        let logits = try trained.model.predict(images, compute: Compute(threads: 2))
        let correct = zip(logits, labels).count { ($0[0] < $0[1]) == ($1 == 1) }
        #expect(
            trained.history[trained.bestEpoch].values["validation.accuracy"] == Double(correct) / Double(held.count))
        #expect(Double(correct) > 0.95 * Double(held.count))
    }

    @Test("a network whose weights depend on the size of pictures is refused")
    func refusesNetworksOfOneSize() async throws {
        var trainer = CNNTrainer(
            network: .leNet(classes: 2), preprocessing: try ImagePreprocessing(width: 28, height: 28),
            labels: ["stripes", "blob"])
        trainer.trainingScale = 0.8
        let data = try stripesAndBlobs(4, seed: 1)
        let error = await #expect(throws: MLOpsError.self) {
            try await trainer.train(on: data, validatingOn: data) { _ in }
        }
        #expect(error?.code == .invalidArgument)
        for scale in [0, -1, 1.5, .nan] {
            trainer.trainingScale = scale
            await #expect(throws: MLOpsError.self) { try await trainer.train(on: data, validatingOn: data) { _ in } }
        }
    }
}
