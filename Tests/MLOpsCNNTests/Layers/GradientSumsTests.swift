import MLOpsCNN
import MLOpsTensor
import Testing

extension ConvolutionBlockTests {
    /// Two blocks and a pooling of 2 × 2.
    private struct Pair {
        let first: [Parameter], second: [Parameter]
        let one: ConvolutionBlock, two: ConvolutionBlock
        let pool: MaxPool
        let halved: FeatureShape

        init(_ sample: Sample, _ first: [Parameter], _ second: [Parameter]) throws {
            (self.first, self.second) = (first, second)
            let output = try sample.layer.outputShape(for: sample.x)
            halved = FeatureShape(height: output.height / 2, width: output.width / 2, channels: output.channels)
            one = ConvolutionBlock(
                first, geometry: ConvolutionGeometry(kernel: 3, padding: 1), output: sample.x, clipping: .relu,
                givesInputGradient: true, leavesActivation: true)
            two = ConvolutionBlock(
                second, geometry: ConvolutionGeometry(kernel: 3, padding: sample.padding), output: output,
                clipping: sample.clipping, givesInputGradient: true, leavesActivation: sample.clipping == .relu)
            pool = MaxPool(geometry: PoolingGeometry(window: 2), output: halved)
        }
    }

    /// Pairs of blocks, and whether the second can sum the gradient of the first.
    static let pairs: [(Sample, Bool)] = [
        // By image, blocks of 16 rows under several rows of tiles, at each padding; then tasks of two images.
        (Sample(inputs: 16, outputs: 16, height: 64, width: 64), true),
        (Sample(inputs: 16, outputs: 16, padding: 0, height: 64, width: 64), true),
        (Sample(inputs: 16, outputs: 16, padding: 2, height: 64, width: 64), true),
        (Sample(inputs: 64, outputs: 64, height: 32, width: 32, batch: 16), true),
        // By point: two blocks in each image.
        (Sample(inputs: 128, outputs: 128, height: 16, width: 16), true),
        // Another clipping; and blocks that lie in two images, which are summed later.
        (Sample(inputs: 16, outputs: 16, height: 32, width: 32, clipping: .relu6), true),
        (Sample(inputs: 16, outputs: 32, height: 10, width: 12), false),
    ]

    @Test("has its gradient summed by the next or with a pooling's as it would be alone", arguments: pairs)
    func sumsAreThoseTakenLater(sample: Sample, isSummed: Bool) throws {
        let before = Sample(
            inputs: sample.inputs, outputs: sample.inputs, height: sample.height, width: sample.width)
        for set in InstructionSet.available {
            let compute = Compute(threads: 2, instructionSet: set)
            var results: Set<[[Float]]> = []
            for isTogether in [true, false] {
                let pair = try Pair(sample, parameters(before), parameters(sample))
                let pooled = PooledBlock(pair.two, pair.pool, output: pair.halved)
                var gradients: [[Float]] = []
                // In the second step, a smaller one, nobody sums: the sums of the first must not be taken for its own.
                for (step, batch) in [sample.batch, 1, sample.batch].enumerated() {
                    let pass = Pass.training(seed: 0, step: step)
                    let x = Features(try tensor(sample.x.batched(batch), salt: UInt32(20 + step)))
                    let dy = try tensor(pair.halved.batched(batch), salt: UInt32(30 + step))
                    let y = pair.one.forward(x, pass, compute: compute)
                    let sums = isTogether && step != 1 ? y.gradientSums : nil
                    let features = Features(y.values, activation: y.activation, gradientSums: sums)
                    let dz: Tensor?
                    if isTogether {
                        _ = pooled.forward(features, pass, compute: compute)
                        dz = pooled.backward(dy, compute: compute)
                    } else {
                        _ = pair.pool.forward(
                            pair.two.forward(features, pass, compute: compute), pass, compute: compute)
                        dz = pair.pool.backward(dy, compute: compute).flatMap {
                            pair.two.backward($0, compute: compute)
                        }
                    }
                    #expect(y.gradientSums?.areTaken == (sums != nil && isSummed))
                    let gradient = try #require(dz)
                    let dx = try #require(pair.one.backward(gradient, compute: compute))
                    gradients += [dx.values] + (pair.first + pair.second).map(\.gradient.values)
                    // A prediction between two steps.
                    _ = pair.one.forward(x, .inference, compute: compute)
                }
                results.insert(gradients)
            }
            #expect(results.count == 1, "\(set)")
        }
    }
}
