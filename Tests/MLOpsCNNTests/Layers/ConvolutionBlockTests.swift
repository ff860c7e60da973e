import MLOpsCNN
import MLOpsTensor
import Testing

/// Both ways to compute a convolution, batch normalization and ReLU: as one layer, and as three.
@Suite("A convolution block")
struct ConvolutionBlockTests {
    /// A convolution block, what comes before it, and the shape of a picture.
    struct Sample: Sendable, CustomStringConvertible {
        var inputs: Int, outputs: Int, kernel = 3, stride = 1, padding = 1
        var height = 9, width = 14, batch = 3
        var isActivated = true
        var clipping = Clipping.relu

        var description: String {
            "\(inputs) → \(outputs), kernel \(kernel), stride \(stride), \(batch)×\(height)×\(width), \(clipping)"
        }
        var x: FeatureShape { FeatureShape(height: height, width: width, channels: inputs) }
        var clippingLayers: [any Layer] {
            switch clipping {
            case .none: []
            case .relu: [ReLU(isInPlace: true)]
            case .relu6: [ActivationLayer(.relu6)]
            }
        }
        var layer: LayerSpec { .convolution(filters: outputs, kernel: kernel, stride: stride, padding: padding) }
    }

    static let samples = [
        // By Winograd: tiles that are cut off, one image, many images, many channels.
        Sample(inputs: 16, outputs: 32), Sample(inputs: 8, outputs: 4, padding: 0),
        Sample(inputs: 64, outputs: 64, height: 32, width: 33, batch: 7),
        Sample(inputs: 128, outputs: 128, height: 8, width: 8, batch: 2),
        Sample(inputs: 16, outputs: 16, height: 70, width: 300, batch: 1, isActivated: false),
        Sample(inputs: 16, outputs: 16, padding: 3), Sample(inputs: 16, outputs: 256, height: 16, width: 16, batch: 1),
        // Few tiles beside wide channels: products read past the last tile.
        Sample(inputs: 64, outputs: 512, height: 4, width: 4, batch: 1),
        Sample(inputs: 512, outputs: 64, height: 4, width: 4, batch: 1),
        // On the padded image: first layers, strides, other kernels.
        Sample(inputs: 3, outputs: 16, isActivated: false), Sample(inputs: 5, outputs: 7),
        Sample(inputs: 16, outputs: 16, stride: 2), Sample(inputs: 12, outputs: 20, kernel: 1, padding: 0),
        Sample(inputs: 16, outputs: 16, padding: 0, height: 3, width: 3),
        // With other clippings, by Winograd and on the padded image.
        Sample(inputs: 16, outputs: 32, clipping: .relu6), Sample(inputs: 16, outputs: 32, clipping: .none),
        Sample(inputs: 12, outputs: 20, kernel: 1, padding: 0, clipping: .relu6),
        Sample(inputs: 16, outputs: 16, stride: 2, clipping: .none),
    ]

    func parameters(_ sample: Sample) throws -> [Parameter] {
        let spec = NetworkSpec("block", [sample.layer, .batchNorm, .relu, .globalAveragePool, .dense(units: 2)])
        let parameters = try spec.parameters(for: sample.x).prefix(5).map { Parameter($0) }
        for (index, parameter) in parameters.enumerated() {
            for (i, value) in plainSequence(parameter.value.count, salt: UInt32(index)).enumerated() {
                let isPositive = parameter.spec.role == .variance
                parameter.value.pointer[i] = isPositive ? 1 + abs(value) : value
            }
        }
        return parameters
    }

    func tensor(_ shape: [Int], salt: UInt32) throws -> Tensor {
        try Tensor(shape: shape, values: plainSequence(shape.reduce(1, *), salt: salt))
    }

    private func distance(_ a: Tensor, _ b: Tensor) -> Double {
        var (difference, length) = (0.0, 0.0)
        for i in 0..<a.count {
            difference += Double(a.pointer[i] - b.pointer[i]) * Double(a.pointer[i] - b.pointer[i])
            length += Double(b.pointer[i]) * Double(b.pointer[i])
        }
        return (difference / max(length, 1e-12)).squareRoot()
    }

    @Test("gives what the three layers give, forward and backward", arguments: samples)
    func isItsThreeLayers(sample: Sample) throws {
        let geometry = ConvolutionGeometry(kernel: sample.kernel, stride: sample.stride, padding: sample.padding)
        let output = try sample.layer.outputShape(for: sample.x)
        let (own, other) = (try parameters(sample), try parameters(sample))
        let x = try tensor(sample.x.batched(sample.batch), salt: 20)
        var activation: ChannelActivation?
        if sample.isActivated {
            let values = ChannelActivation(channels: sample.inputs)
            values.scale.copy(from: try tensor([sample.inputs], salt: 21))
            values.shift.copy(from: try tensor([sample.inputs], salt: 22))
            activation = values
        }
        for set in InstructionSet.available {
            let compute = Compute(threads: 2, instructionSet: set)
            let activated = Tensor(shape: x.shape)
            activated.copy(from: x)
            if let activation {
                compute.scaleAndShift(
                    x, scale: activation.scale, shift: activation.shift, relu: true, into: activated)
            }
            let block = ConvolutionBlock(
                own, geometry: geometry, output: output, clipping: sample.clipping, givesInputGradient: true,
                leavesActivation: false)
            let layers: [any Layer] =
                [
                    Convolution([other[0]], geometry: geometry, output: output, givesInputGradient: true),
                    BatchNorm(Array(other[1...])),
                ] + sample.clippingLayers
            for pass in [Pass.training(seed: 0, step: 0), .inference] {
                // Predictions leave nothing to a reader.
                let input = pass.isTraining ? Features(x, activation: activation) : Features(activated)
                let y = block.forward(input, pass, compute: compute).values
                let expected = layers.reduce(Features(activated)) { $1.forward($0, pass, compute: compute) }.values
                #expect(distance(y, expected) < 1e-5, "\(set) \(pass)")
            }
            _ = block.forward(
                Features(x, activation: activation), .training(seed: 0, step: 1), compute: compute)
            let z = layers.reduce(Features(activated)) { $1.forward($0, .training(seed: 0, step: 1), compute: compute) }
            let (dy, otherDy) = (try tensor(z.values.shape, salt: 23), try tensor(z.values.shape, salt: 23))
            let dx = try #require(block.backward(dy, compute: compute))
            let expected = try #require(
                layers.reversed().reduce(Optional(otherDy)) { $1.backward($0 ?? otherDy, compute: compute) })
            // A value that rounding moves across zero has another gradient: hence the wider bound.
            #expect(distance(dx, expected) < 3e-3, "\(set) dx")
            for (a, b) in zip(own, other) {
                #expect(distance(a.value, b.value) < 1e-5, "\(set) \(a.spec.name)")
                if a.gradient.count > 0 { #expect(distance(a.gradient, b.gradient) < 3e-3, "\(set) d\(a.spec.name)") }
            }
        }
    }

    @Test("with a pooling predicts what both layers do, also after weights and statistics have changed")
    func poolsWhatItPredicts() throws {
        for sample in [
            Sample(inputs: 16, outputs: 32, height: 10, width: 12), Sample(inputs: 3, outputs: 7, height: 6, width: 4),
            Sample(inputs: 256, outputs: 128, height: 8, width: 8, batch: 1, clipping: .none),
        ] {
            let geometry = ConvolutionGeometry(kernel: 3, padding: 1)
            let (output, own) = (try sample.layer.outputShape(for: sample.x), try parameters(sample))
            let pooled = FeatureShape(height: sample.height / 2, width: sample.width / 2, channels: sample.outputs)
            func block() -> ConvolutionBlock {
                ConvolutionBlock(
                    own, geometry: geometry, output: output, clipping: sample.clipping, givesInputGradient: false,
                    leavesActivation: true)
            }
            func pool() -> MaxPool { MaxPool(geometry: PoolingGeometry(window: 2), output: pooled) }
            let compute = Compute(threads: 2)
            let kept = PooledBlock(block(), pool(), output: pooled)
            let input = Features(try tensor(sample.x.batched(sample.batch), salt: 20))
            var results: Set<[Float]> = []
            for change in 0..<3 {
                if change == 1 { for k in 0..<sample.outputs { own[4].value.pointer[k] += 5 } }
                if change == 2 {
                    for i in 0..<own[0].value.count { own[0].value.pointer[i] *= 1.5 }
                    own[0].markChanged()
                }
                let y = kept.forward(input, .inference, compute: compute).values
                let layers: [any Layer] = [block(), pool()]
                let expected = layers.reduce(input) { $1.forward($0, .inference, compute: compute) }.values
                #expect(distance(y, expected) < 1e-6, "\(sample), change \(change)")
                results.insert(y.values)
            }
            #expect(results.count == 3)
        }
    }

    @Test("has the same bits at any number of threads", arguments: samples)
    func doesNotDependOnThreads(sample: Sample) throws {
        let spec = NetworkSpec(
            "two",
            [
                .convolution(filters: sample.inputs), .batchNorm, .relu, sample.layer, .batchNorm, .relu,
                .globalAveragePool, .dense(units: 2),
            ])
        let shape = FeatureShape(height: sample.height, width: sample.width, channels: 3)
        var results: Set<[Float]> = []
        for threads in 1...3 {
            let compute = Compute(threads: threads)
            let network = try Network(spec, input: shape, seed: 1)
            let input = network.input(batchSize: sample.batch)
            input.copy(from: try tensor(input.shape, salt: 1))
            _ = network.forward(input, .training(seed: 0, step: 0), compute: compute)
            network.backward(try tensor([sample.batch, 2], salt: 2), compute: compute)
            results.insert(network.learned.flatMap(\.gradient.values))
        }
        #expect(results.count == 1)
    }
}
