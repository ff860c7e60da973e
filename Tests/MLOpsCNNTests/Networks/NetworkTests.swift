import MLOpsCNN
import MLOpsCore
import MLOpsTensor
import Testing

@Suite("Network")
struct NetworkTests {
    @Test("loses as PyTorch's does over ten steps, and predicts the same afterwards")
    func losesAsPyTorchDoes() throws {
        let oracle = try Oracles.load().network
        let spec = NetworkSpec(
            "oracle",
            [
                .convolution(filters: 4), .batchNorm, .relu, .maxPool(),
                .convolution(filters: 6, stride: 2), .relu,
                .dense(units: 7), .relu, .dense(units: 3),
            ])
        let shape = FeatureShape(height: 8, width: 8, channels: 3)
        let network = try Network(spec, input: shape, seed: 0)
        for (name, salt, scale) in [
            ("convolution1.weights", 11, 0.5), ("convolution2.weights", 12, 0.4), ("dense1.weights", 13, 0.4),
            ("dense2.weights", 14, 0.6),
        ] as [(String, UInt32, Float)] {
            let parameter = try #require(network.parameters.first { $0.spec.name == name })
            for (i, value) in plainSequence(parameter.value.count, salt: salt).enumerated() {
                parameter.value.pointer[i] = value * scale
            }
        }
        let optimizer = Optimizer.sgd(momentum: 0.9, nesterov: true, weightDecay: 1e-3)
        let slots = network.learned.map { OptimizerSlots($0.value.shape, optimizer) }
        let compute = Compute(threads: 2)
        let input = network.input(batchSize: 5)
        for (i, value) in plainSequence(input.count, salt: 15).enumerated() { input.pointer[i] = value * 1.5 }
        for step in 0..<10 {
            let logits = network.forward(input, .training(seed: 0, step: step), compute: compute)
            let gradient = network.logitsGradient(batchSize: 5)
            let loss = compute.softmaxCrossEntropy(
                logits, labels: [0, 1, 2, 1, 0], labelSmoothing: 0.1, into: gradient)
            #expect(abs(loss - oracle.losses[step]) < 1e-4, "step \(step): \(loss), PyTorch \(oracle.losses[step])")
            network.backward(gradient, compute: compute)
            optimizer.update(network.learned, slots, rate: 0.05, step: step + 1, compute: compute)
        }
        let logits = network.forward(input, .inference, compute: compute).values
        for (value, expected) in zip(logits, oracle.logits.flatMap { $0 }) { #expect(abs(value - expected) < 1e-3) }
    }

    @Test("petNet has 1.17 million parameters, and shapes that fit 64 pixels")
    func petNetHasItsSize() throws {
        let input = FeatureShape(height: 64, width: 64, channels: 3)
        let spec = NetworkSpec.petNet(classes: 2)
        #expect(try spec.parameterCount(for: input) == 1_173_730)
        #expect(try spec.shapes(for: input).last == FeatureShape(vector: 2))
        #expect(
            try NetworkSpec.petNet(classes: 2, stages: 5).parameterCount(for: input)
                == 1_173_730 + 2 * (9 * 256 * 256 + 2 * 256))
        #expect(try NetworkSpec.petNet(classes: 5, width: 0.25).parameterCount(for: input) < 100_000)
        #expect(
            try NetworkSpec.leNet(classes: 10).shapes(for: FeatureShape(height: 28, width: 28, channels: 3))[6].count
                == 400)
    }

    @Test("ResNet-18 and MobileNetV2 have the published numbers of parameters")
    func publishedNetworksHaveTheirSize() throws {
        let input = FeatureShape(height: 224, width: 224, channels: 3)
        // As torchvision counts them.
        #expect(try NetworkSpec.resNet18(classes: 1000).parameterCount(for: input) == 11_689_512)
        #expect(try NetworkSpec.mobileNetV2(classes: 1000).parameterCount(for: input) == 3_504_872)
    }

    @Test("a description survives JSON", arguments: [NetworkSpec.leNet(classes: 4), .resNet18(classes: 3)])
    func descriptionSurvivesJSON(spec: NetworkSpec) throws {
        #expect(try CanonicalJSON.decode(NetworkSpec.self, from: CanonicalJSON.encode(spec)) == spec)
    }

    static let misfits: [(NetworkSpec, String)] = [
        (NetworkSpec("open", [.convolution(filters: 2)]), "dense"),
        (NetworkSpec("large", [.convolution(filters: 2, kernel: 9, padding: 0), .dense(units: 2)]), "window"),
        (NetworkSpec("deep", Array(repeating: .maxPool(), count: 4) + [.dense(units: 2)]), "window"),
        (NetworkSpec("pooled", [.averagePool(size: 9), .dense(units: 2)]), "averagePool"),
        (NetworkSpec("wise", [.depthwiseConvolution(kernel: 9, padding: 0), .dense(units: 2)]), "depthwise"),
        (NetworkSpec("late", [.dense(units: 2), .convolution(filters: 2), .dense(units: 2)]), "vector"),
        (NetworkSpec("none", [.convolution(filters: 0), .dense(units: 2)]), "range"),
        (NetworkSpec("all", [.dropout(rate: 1), .dense(units: 2)]), "drops"),
        (NetworkSpec("huge", [.convolution(filters: 1 << 16, padding: 1000), .dense(units: 2)]), "values"),
    ]

    @Test("a description that can't take the pictures throws, and says which layer", arguments: misfits)
    func misfitsThrow(spec: NetworkSpec, word: String) {
        let error = #expect(throws: MLOpsError.self) {
            try spec.shapes(for: FeatureShape(height: 8, width: 8, channels: 3))
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(word) == true, "\(String(describing: error))")
    }

    @Test("the memory of a batch size is taken once")
    func memoryIsTakenOnce() throws {
        let compute = Compute(threads: 1)
        let network = try Network(tinyNetwork, input: FeatureShape(height: 16, width: 16, channels: 3), seed: 1)
        let first = network.forward(network.input(batchSize: 4), .training(seed: 1, step: 0), compute: compute)
        let other = network.forward(network.input(batchSize: 2), .training(seed: 1, step: 1), compute: compute)
        let again = network.forward(network.input(batchSize: 4), .training(seed: 1, step: 2), compute: compute)
        #expect(first === again && first !== other)
    }
}
