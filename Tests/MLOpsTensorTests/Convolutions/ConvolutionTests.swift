import MLOpsTensor
import Testing

/// A convolution to try: images, height, width, input channels, output channels, geometry.
struct ConvolutionCase: Sendable, CustomStringConvertible {
    let x: [Int]
    let outputs: Int
    let geometry: ConvolutionGeometry

    init(_ x: [Int], _ outputs: Int, _ geometry: ConvolutionGeometry) {
        (self.x, self.outputs, self.geometry) = (x, outputs, geometry)
    }

    var weights: [Int] { [geometry.rows, geometry.columns, x[3] / geometry.groups, outputs] }
    var y: [Int] {
        let size = geometry.outputSize(height: x[1], width: x[2])
        return [x[0], size.height, size.width, outputs]
    }
    var description: String { "\(x) → \(y), kernel \(weights), \(geometry.strideY)×\(geometry.strideX)" }

    static let all = [
        // By Winograd: channels that fill vectors; odd sizes, no padding, uneven padding, many tiles.
        ConvolutionCase([2, 9, 7, 16], 32, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([1, 8, 8, 48], 16, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([3, 5, 6, 8], 24, ConvolutionGeometry(kernel: 3)),
        ConvolutionCase([1, 3, 2, 4], 12, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase(
            [1, 6, 5, 16], 16,
            ConvolutionGeometry(rows: 3, columns: 3, paddingTop: 2, paddingLeft: 0, paddingBottom: 1, paddingRight: 2)),
        ConvolutionCase([2, 8, 8, 16], 16, ConvolutionGeometry(kernel: 3, padding: 3)),
        ConvolutionCase([40, 16, 16, 64], 64, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([2, 8, 8, 128], 256, ConvolutionGeometry(kernel: 3, padding: 1)),
        // On the padded image: first layers, strides, groups, dilation, odd kernels, images of one pixel.
        ConvolutionCase([2, 9, 7, 3], 5, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([3, 64, 64, 3], 32, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([1, 1, 1, 16], 16, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([2, 11, 10, 6], 4, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)),
        ConvolutionCase([2, 11, 10, 6], 4, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2)),
        ConvolutionCase([1, 12, 9, 6], 6, ConvolutionGeometry(kernel: 3, padding: 2, dilation: 2)),
        ConvolutionCase([1, 12, 9, 5], 5, ConvolutionGeometry(kernel: 3, padding: 1, groups: 5)),
        ConvolutionCase([2, 9, 8, 37], 37, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 37)),
        ConvolutionCase([1, 9, 12, 17], 34, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 17)),
        // A kernel for each channel, larger than the image too.
        ConvolutionCase([2, 13, 15, 19], 19, ConvolutionGeometry(kernel: 5, padding: 2, groups: 19)),
        ConvolutionCase([1, 14, 15, 16], 16, ConvolutionGeometry(kernel: 5, stride: 2, padding: 2, groups: 16)),
        ConvolutionCase([1, 2, 3, 16], 16, ConvolutionGeometry(kernel: 5, padding: 2, groups: 16)),
        ConvolutionCase([1, 9, 8, 70], 70, ConvolutionGeometry(kernel: 3, padding: 1, groups: 70)),
        ConvolutionCase([9, 12, 14, 20], 20, ConvolutionGeometry(kernel: 3, padding: 3, dilation: 2, groups: 20)),
        ConvolutionCase(
            [2, 7, 7, 17], 33,
            ConvolutionGeometry(
                rows: 5, columns: 2, strideY: 2, strideX: 3, paddingTop: 3, paddingLeft: 1, paddingBottom: 0,
                paddingRight: 2)),
        ConvolutionCase([1, 15, 15, 3], 8, ConvolutionGeometry(kernel: 7, stride: 2, padding: 3)),
        // Few terms under a kernel row: patches, of images without padding too, and of few bands with many outputs.
        ConvolutionCase([1, 8, 8, 3], 256, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([2, 9, 8, 3], 33, ConvolutionGeometry(kernel: 3)),
        ConvolutionCase([1, 31, 29, 1], 70, ConvolutionGeometry(kernel: 5, stride: 2, padding: 1)),
        ConvolutionCase([5, 14, 15, 2], 16, ConvolutionGeometry(rows: 2, columns: 3, dilationY: 3)),
        // Pointwise.
        ConvolutionCase([1, 1, 1, 1], 1, ConvolutionGeometry(kernel: 1)),
        ConvolutionCase([3, 5, 4, 17], 40, ConvolutionGeometry(kernel: 1)),
        ConvolutionCase([2, 9, 8, 4], 8, ConvolutionGeometry(kernel: 1, stride: 2)),
    ]
}

@Suite struct ConvolutionTests {
    @Test(arguments: ConvolutionCase.all)
    func theConvolutionIsItsDefinition(_ sample: ConvolutionCase) {
        let x = Samples.tensor(sample.x)
        let weights = Samples.tensor(sample.weights, seed: 2)
        let expected = Tensor(shape: sample.y)
        for bias in [nil, Samples.tensor([sample.outputs], seed: 3)] {
            Reference.convolution(x, weights: weights, bias: bias, geometry: sample.geometry, into: expected)
            for compute in Samples.computes {
                let y = Samples.unwritten(sample.y)
                compute.convolution(x, weights: weights, bias: bias, geometry: sample.geometry, into: y)
                #expect(Samples.distance(y, expected) < 1e-5, "\(compute.instructionSet)")
            }
        }
    }

    @Test(arguments: ConvolutionCase.all)
    func everyOutputIsFinishedOnce(_ sample: ConvolutionCase) {
        let (x, weights) = (Samples.tensor(sample.x), Samples.tensor(sample.weights, seed: 2))
        for compute in Samples.computes {
            let (packed, plain) = (PackedWeights(), Tensor(shape: sample.y))
            compute.convolution(
                x, activation: nil, weights: weights, packed: packed, geometry: sample.geometry, into: plain,
                moments: nil)
            let bias = Samples.tensor([sample.outputs], seed: 4)
            let addend = Samples.tensor(sample.y, seed: 3)
            for (bias, addend) in [(nil, nil), (nil, addend), (bias, nil), (bias, addend)] as [(Tensor?, Tensor?)] {
                let y = Samples.unwritten(sample.y)
                compute.convolution(
                    x, activation: nil, weights: weights, bias: bias, packed: packed, geometry: sample.geometry,
                    addend: addend, function: .clamp(0, 0.5), into: y, moments: nil)
                let isFinished = (0..<y.count).allSatisfy {
                    let sum = plain.pointer[$0] + (bias?.pointer[$0 % sample.outputs] ?? 0)
                    return y.pointer[$0] == min(max(sum + (addend?.pointer[$0] ?? 0), 0), 0.5)
                }
                #expect(isFinished, "\(compute.instructionSet), bias \(bias != nil), addend \(addend != nil)")
            }
        }
    }

    @Test(arguments: ConvolutionCase.all)
    func theGradientsAreTheirDefinitions(_ sample: ConvolutionCase) {
        let x = Samples.tensor(sample.x)
        let weights = Samples.tensor(sample.weights, seed: 2)
        let dy = Samples.tensor(sample.y, seed: 3)
        let (expectedData, expectedWeights) = (Tensor(shape: sample.x), Tensor(shape: sample.weights))
        Reference.convolutionBackwardData(dy, weights: weights, geometry: sample.geometry, into: expectedData)
        Reference.convolutionBackwardWeights(x, dy, geometry: sample.geometry, into: expectedWeights)
        for compute in Samples.computes {
            let (dx, dw) = (Samples.unwritten(sample.x), Samples.unwritten(sample.weights))
            compute.convolutionBackwardData(dy, weights: weights, geometry: sample.geometry, into: dx)
            compute.convolutionBackwardWeights(x, dy, geometry: sample.geometry, into: dw)
            #expect(Samples.distance(dx, expectedData) < 1e-5, "\(compute.instructionSet)")
            #expect(Samples.distance(dw, expectedWeights) < 1e-5, "\(compute.instructionSet)")
        }
    }

    /// Where several images are one task, and blocks of tiles go from one image to the next.
    @Test(arguments: [
        ConvolutionCase([17, 13, 14, 64], 64, ConvolutionGeometry(kernel: 3, padding: 1)),
        ConvolutionCase([17, 13, 14, 64], 64, ConvolutionGeometry(kernel: 3)),
        ConvolutionCase(
            [17, 12, 16, 64], 64,
            ConvolutionGeometry(rows: 3, columns: 3, paddingTop: 3, paddingLeft: 0, paddingBottom: 0, paddingRight: 2)),
        ConvolutionCase([32, 8, 8, 64], 128, ConvolutionGeometry(kernel: 3, padding: 1)),
    ])
    func bothGradientsAtOnceAreTheirDefinitions(_ sample: ConvolutionCase) {
        let x = Samples.tensor(sample.x)
        let weights = Samples.tensor(sample.weights, seed: 2)
        let dy = Samples.tensor(sample.y, seed: 3)
        let (expectedData, expectedWeights) = (Tensor(shape: sample.x), Tensor(shape: sample.weights))
        Reference.convolutionBackwardData(dy, weights: weights, geometry: sample.geometry, into: expectedData)
        Reference.convolutionBackwardWeights(x, dy, geometry: sample.geometry, into: expectedWeights)
        // A normalization that leaves everything as it is.
        let activation = ChannelActivation(channels: sample.outputs)
        let (factor, nothing) = (Tensor(shape: [sample.outputs]), Tensor(shape: [sample.outputs]))
        activation.shift.fill(1)
        factor.fill(1)
        for compute in Samples.computes {
            let (dx, dw) = (Samples.unwritten(sample.x), Samples.unwritten(sample.weights))
            let gradient = NormalizedGradient(
                dy: Samples.copy(dy), z: Tensor(shape: sample.y), activation: activation, clipping: .relu,
                factor: factor, slope: nothing, summand: nothing)
            compute.convolutionBackward(
                gradient, x: x, activation: nil, weights: weights, geometry: sample.geometry, into: dw, dx: dx)
            #expect(Samples.distance(dx, expectedData) < 1e-5, "\(compute.instructionSet)")
            #expect(Samples.distance(dw, expectedWeights) < 1e-5, "\(compute.instructionSet)")
        }
    }

    @Test(arguments: [ConvolutionCase.all[0], ConvolutionCase.all[11]])
    func theGradientsAreSlopes(_ sample: ConvolutionCase) {
        let x = Samples.tensor(sample.x)
        let weights = Samples.tensor(sample.weights, seed: 2)
        let dy = Samples.tensor(sample.y, seed: 3)
        for compute in Samples.computes {
            let (y, dx, dw) = (Tensor(shape: sample.y), Tensor(shape: sample.x), Tensor(shape: sample.weights))
            let loss = {
                compute.convolution(x, weights: weights, bias: nil, geometry: sample.geometry, into: y)
                return Samples.dot(y, dy)
            }
            compute.convolutionBackwardData(dy, weights: weights, geometry: sample.geometry, into: dx)
            compute.convolutionBackwardWeights(x, dy, geometry: sample.geometry, into: dw)
            for index in [0, x.count / 3, x.count - 1] {
                let slope = Samples.slope(x, at: index, step: 0.5, loss)
                #expect(abs(slope - Double(dx.pointer[index])) < 1e-3 * max(1, abs(slope)))
            }
            for index in [0, weights.count / 2, weights.count - 1] {
                let slope = Samples.slope(weights, at: index, step: 0.5, loss)
                #expect(abs(slope - Double(dw.pointer[index])) < 1e-3 * max(1, abs(slope)))
            }
        }
    }

    @Test func anOutputOfNothingIsNothing() {
        let geometry = ConvolutionGeometry(kernel: 3)
        #expect(geometry.outputSize(height: 2, width: 9) == (0, 7))
        let compute = Samples.computes[0]
        for (height, width, stride) in [(2, 9, 1), (9, 2, 1), (9, 2, 2)] {
            let geometry = ConvolutionGeometry(kernel: 3, stride: stride)
            let size = geometry.outputSize(height: height, width: width)
            let (x, y) = (Samples.tensor([1, height, width, 4]), Tensor(shape: [1, size.height, size.width, 4]))
            let (dx, dw) = (Samples.unwritten(x.shape), Samples.unwritten([3, 3, 4, 4]))
            compute.convolution(x, weights: Samples.tensor([3, 3, 4, 4]), bias: nil, geometry: geometry, into: y)
            compute.convolutionBackwardData(y, weights: Samples.tensor([3, 3, 4, 4]), geometry: geometry, into: dx)
            compute.convolutionBackwardWeights(x, y, geometry: geometry, into: dw)
            #expect(dx.values.allSatisfy { $0 == 0 } && dw.values.allSatisfy { $0 == 0 })
        }
    }
}
