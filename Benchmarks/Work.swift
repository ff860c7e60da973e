import MLOpsCNN
import MLOpsCore
import MLOpsTensor
import MLOpsTrain

/// A network with the pictures that it is measured on.
struct Subject {
    let spec: NetworkSpec
    /// Pixels across and down.
    let side: Int
    /// The pictures of a training step.
    let batch: Int

    static let all = [
        "petNet": Subject(spec: .petNet(classes: 2, dropout: 0), side: 64, batch: 32),
        "resNet18": Subject(spec: .resNet18(classes: 2), side: 128, batch: 16),
        "mobileNetV2": Subject(spec: .mobileNetV2(classes: 2, dropout: 0), side: 128, batch: 16),
    ]

    func network() throws -> Network {
        try Network(spec, input: FeatureShape(height: side, width: side, channels: 3), seed: 1)
    }
}

/// Pictures of noise, [N, H, W, 3]; what they show does not change the time.
func fillWithNoise(_ tensor: Tensor, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for i in 0..<tensor.count { tensor.pointer[i] = Float(generator.normal()) }
}

/// Steps of training of a network: forward, backward, SGD with momentum.
final class TrainingWork {
    private let network: Network
    private let input: Tensor
    private let labels: [Int]
    private let slots: [OptimizerSlots]
    private let optimizer = Optimizer.sgd(momentum: 0.9, nesterov: false, weightDecay: 0)
    private var steps = 0
    private(set) var loss: Float = 0

    init(_ subject: Subject) throws {
        network = try subject.network()
        labels = (0..<subject.batch).map { $0 % 2 }
        input = network.input(batchSize: subject.batch)
        fillWithNoise(input, seed: 2)
        slots = network.learned.map { [optimizer] in OptimizerSlots($0.value.shape, optimizer) }
    }

    func step(_ compute: Compute) {
        let logits = network.forward(input, .training(seed: 0, step: steps), compute: compute)
        let gradient = network.logitsGradient(batchSize: labels.count)
        loss = compute.softmaxCrossEntropy(logits, labels: labels, labelSmoothing: 0, into: gradient)
        network.backward(gradient, compute: compute)
        steps += 1
        optimizer.update(network.learned, slots, rate: 0.01, step: steps, compute: compute)
    }
}

/// Predictions of a network.
final class InferenceWork {
    private let network: Network
    private var filled: Set<Int> = []

    init(_ subject: Subject) throws { network = try subject.network() }

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

/// Products of two square matrices of 8-bit integers, the right one constant, to 32-bit sums.
final class IntegerProductWork {
    private let a: QuantizedTensor, b: QuantizedWeights
    private let sums: UnsafeMutablePointer<Int32>

    init(size: Int) {
        var generator = SeededGenerator(seed: 1)
        a = QuantizedTensor(shape: [size, size], isSigned: false)
        for i in 0..<a.count { a.pointer[i] = UInt8(truncatingIfNeeded: generator.next()) }
        let bytes = (0..<size * size).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        b = QuantizedWeights(bytes, shape: [1, 1, size, size], isSigned: true, zeroPoints: [0])
        sums = .allocate(capacity: size * size)
    }

    deinit { sums.deallocate() }

    func run(_ compute: Compute) { compute.matrixProduct(a, zeroPoint: 128, weights: b, into: .integers(sums)) }
}
