import Foundation
import MLOpsCNN
import MLOpsCore
import MLOpsData
import MLOpsTensor
import MLOpsTrain
import Testing

@Suite("The memory of a training")
struct MemoryTests {
    private func step(_ network: Network, _ slots: [OptimizerSlots], _ compute: Compute) {
        let input = network.input(batchSize: 8)
        let logits = network.forward(input, .training(seed: 0, step: 0), compute: compute)
        let gradient = network.logitsGradient(batchSize: 8)
        _ = compute.softmaxCrossEntropy(logits, labels: [0, 1, 0, 1, 0, 1, 0, 1], into: gradient)
        network.backward(gradient, compute: compute)
        Optimizer.sgd().update(network.learned, slots, rate: 0.01, step: 1, compute: compute)
    }

    @Test("no step after the first makes a tensor", arguments: CNNModelTests.networks + [.petNet(classes: 2)])
    func stepsMakeNoTensors(spec: NetworkSpec) throws {
        let network = try Network(spec, input: FeatureShape(height: 32, width: 32, channels: 3), seed: 1)
        let slots = network.learned.map { OptimizerSlots($0.value.shape, .sgd()) }
        let compute = Compute(threads: 2)
        let (first, later) = (MemoryTally(), MemoryTally())
        MemoryTally.$current.withValue(first) { step(network, slots, compute) }
        let scratch = compute.scratchBytes(threads: 1)
        MemoryTally.$current.withValue(later) { for _ in 0..<3 { step(network, slots, compute) } }
        #expect(first.bytes > 0)
        #expect(later.bytes == 0)
        #expect(compute.scratchBytes(threads: 1) <= 2 * scratch)
    }

    @Test("a training makes the tensors that were told of, and no more")
    func peakIsKnownBefore() async throws {
        var trainer = try toyTrainer(epochs: 2)
        trainer.averaging = 0.9
        let (data, held) = (try stripesAndBlobs(70, seed: 1), try stripesAndBlobs(30, seed: 2))
        let told = try trainer.peakMemory(training: data.count, validation: held.count)
        let tally = MemoryTally()
        _ = try await MemoryTally.$current.withValue(tally) {
            try await trainer.train(on: data, validatingOn: held) { _ in }
        }
        let pictures = 70 * 20 * 20 * 3 + 30 * 16 * 16 * 3
        #expect(tally.bytes + pictures <= told)
        // What is told counts the memory that kernels work in as well, which is no tensor.
        #expect(tally.bytes + pictures > told * 6 / 10, "\(told) bytes were told, \(tally.bytes + pictures) made")
        #expect(throws: MLOpsError.self) { try trainer.peakMemory(training: 0, validation: 0) }
    }
}
