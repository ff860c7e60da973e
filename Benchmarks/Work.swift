import MLOpsCNN
import MLOpsCore
import MLOpsTensor
import MLOpsTrain

/// Pictures of noise, [N, 64, 64, 3]; what they show does not change the time.
func fillWithNoise(_ tensor: Tensor, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for i in 0..<tensor.count { tensor.pointer[i] = Float(generator.normal()) }
}

/// Steps of training of the reference network: forward, backward, SGD with momentum.
final class TrainingWork {
    private let network: Network
    private let input: Tensor
    private let labels = (0..<32).map { $0 % 2 }
    private let slots: [OptimizerSlots]
    private let optimizer = Optimizer.sgd(momentum: 0.9, nesterov: false, weightDecay: 0)
    private var steps = 0
    private(set) var loss: Float = 0

    init() throws {
        network = try Network(
            .petNet(classes: 2, dropout: 0), input: FeatureShape(height: 64, width: 64, channels: 3), seed: 1)
        input = network.input(batchSize: 32)
        fillWithNoise(input, seed: 2)
        slots = network.learned.map { [optimizer] in OptimizerSlots($0.value.shape, optimizer) }
    }

    func step(_ compute: Compute) {
        let logits = network.forward(input, .training(seed: 0, step: steps), compute: compute)
        let gradient = network.logitsGradient(batchSize: 32)
        loss = compute.softmaxCrossEntropy(logits, labels: labels, labelSmoothing: 0, into: gradient)
        network.backward(gradient, compute: compute)
        steps += 1
        optimizer.update(network.learned, slots, rate: 0.01, step: steps, compute: compute)
    }
}

/// Predictions of the reference network.
final class InferenceWork {
    private let network: Network
    private var filled: Set<Int> = []

    init() throws {
        network = try Network(
            .petNet(classes: 2, dropout: 0), input: FeatureShape(height: 64, width: 64, channels: 3), seed: 1)
    }

    func run(batchSize: Int, _ compute: Compute) {
        let input = network.input(batchSize: batchSize)
        if filled.insert(batchSize).inserted { fillWithNoise(input, seed: 3) }
        _ = network.forward(input, .inference, compute: compute)
    }
}

/// Products of two square matrices.
final class ProductWork {
    private let a: Tensor, b: Tensor, c: Tensor

    init(size: Int) {
        (a, b, c) = (Tensor(shape: [size, size]), Tensor(shape: [size, size]), Tensor(shape: [size, size]))
        fillWithNoise(a, seed: 1)
        fillWithNoise(b, seed: 2)
    }

    func run(_ compute: Compute) { compute.matrixProduct(a, b, into: c) }
}
