import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData

/// The same plain numbers in -1 ..< 1 as `sequence` in Tests/Oracles/cnn_oracles.py.
func plainSequence(_ count: Int, salt: UInt32) -> [Float] {
    var state = salt &* 2_654_435_761 &+ 12345
    return (0..<count).map { _ in
        state = 1_664_525 &* state &+ 1_013_904_223
        return Float(state >> 8) / Float(1 << 23) - 1
    }
}

/// Pictures of two classes, stripes and blobs, in colors that say nothing.
func stripesAndBlobs(_ count: Int, size: Int = 16, seed: UInt64) throws -> InMemoryDataset<LabeledImage> {
    InMemoryDataset(
        try (0..<count).map { index in
            var generator = SeededGenerator(seed: seed, UInt64(index))
            let label = index % 2
            let color = (0..<3).map { _ in generator.uniform(in: 80...200) }
            let depth = generator.uniform(in: 40...70)
            let (phase, period) = (generator.uniform(in: 0...6), generator.uniform(in: 0.9...1.6))
            let (cx, cy) = (generator.uniform(in: 4...12), generator.uniform(in: 4...12))
            var pixels: [UInt8] = []
            for y in 0..<size {
                for x in 0..<size {
                    let (dx, dy) = (Double(x) - cx, Double(y) - cy)
                    let shape = label == 0 ? sin(Double(x) * period + phase) : 2 * exp(-(dx * dx + dy * dy) / 12) - 1
                    for c in 0..<3 {
                        let value = color[c] + depth * shape + 12 * generator.normal()
                        pixels.append(UInt8(max(0, min(255, value))))
                    }
                }
            }
            return LabeledImage(
                try Image(width: size, height: size, pixels: pixels), label: label, id: "picture\(index)")
        })
}

/// A network that trains in moments.
let tinyNetwork = NetworkSpec(
    "tiny",
    [
        .convolution(filters: 8), .batchNorm, .relu, .maxPool(),
        .convolution(filters: 8), .batchNorm, .relu,
        .globalAveragePool, .dropout(rate: 0.1), .dense(units: 2),
    ])

/// A trainer for ``stripesAndBlobs(_:size:seed:)``.
func toyTrainer(epochs: Int = 3, seed: UInt64 = 7) throws -> CNNTrainer {
    var trainer = CNNTrainer(
        network: tinyNetwork, preprocessing: try ImagePreprocessing(width: 16, height: 16), labels: ["stripes", "blob"])
    trainer.epochs = epochs
    trainer.batchSize = 16
    trainer.augmentation = ImageAugmentation(cropScale: 0.9...1, rotation: 0.1, contrast: 0.1, brightness: 0.1)
    trainer.seed = seed
    trainer.threads = 2
    return trainer
}
