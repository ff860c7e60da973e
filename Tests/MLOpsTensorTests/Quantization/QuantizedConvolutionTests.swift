import MLOpsTensor
import Testing

/// A convolution of 8-bit integers to try.
struct QuantizedCase: Sendable, CustomStringConvertible {
    let x: [Int]
    let outputs: Int
    let geometry: ConvolutionGeometry
    var isSigned = false, hasSignedWeights = true, isSymmetric = true

    init(_ x: [Int], _ outputs: Int, _ geometry: ConvolutionGeometry) {
        (self.x, self.outputs, self.geometry) = (x, outputs, geometry)
    }

    var weights: [Int] { [geometry.rows, geometry.columns, x[3] / geometry.groups, outputs] }
    var description: String {
        "\(x), kernel \(weights), \(isSigned ? "s8" : "u8")·\(hasSignedWeights ? "s8" : "u8")"
            + (isSymmetric ? "" : ", weights with zero points")
    }

    /// Every kind of layer, with every pair of types.
    static let all = [
        QuantizedCase([2, 9, 7, 16], 32, ConvolutionGeometry(kernel: 3, padding: 1)),
        QuantizedCase([1, 8, 8, 5], 37, ConvolutionGeometry(kernel: 3, padding: 1)),
        QuantizedCase([2, 4, 4, 64], 70, ConvolutionGeometry(kernel: 3, padding: 1)),
        QuantizedCase([1, 9, 9, 3], 64, ConvolutionGeometry(kernel: 7, stride: 2, padding: 3)),
        QuantizedCase([2, 9, 8, 24], 40, ConvolutionGeometry(kernel: 1, stride: 2)),
        QuantizedCase([1, 33, 1, 70], 45, ConvolutionGeometry(kernel: 1)),
        QuantizedCase([1, 12, 9, 6], 6, ConvolutionGeometry(kernel: 3, padding: 2, dilation: 2)),
        QuantizedCase([2, 9, 8, 36], 36, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 36)),
        QuantizedCase([1, 9, 8, 12], 16, ConvolutionGeometry(kernel: 3, padding: 1, groups: 4)),
        QuantizedCase([1, 20, 20, 8], 8, ConvolutionGeometry(rows: 3, columns: 2)),
        // More terms than the first level of the cache holds, in runs of three kernel columns and of one.
        QuantizedCase([1, 4, 3, 400], 20, ConvolutionGeometry(kernel: 3, padding: 1)),
        QuantizedCase([1, 5, 5, 603], 9, ConvolutionGeometry(kernel: 3, padding: 2, dilation: 2)),
    ].flatMap { sample in
        (0..<8).map { bits in
            var copy = sample
            (copy.isSigned, copy.hasSignedWeights, copy.isSymmetric) = (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0)
            return copy
        }
    }

    var zeroPoint: Int { isSigned ? -3 : 117 }

    func input() -> QuantizedTensor { Samples.bytes(x, isSigned: isSigned, seed: 1) }

    func packedWeights() -> QuantizedWeights {
        let middle = hasSignedWeights ? 0 : 128
        return QuantizedWeights(
            Samples.bytes(weights, isSigned: hasSignedWeights, seed: 2).bytes, shape: weights,
            isSigned: hasSignedWeights, zeroPoints: isSymmetric ? [middle] : (0..<outputs).map { middle + $0 % 9 - 4 },
            groups: geometry.groups)
    }
}

@Suite struct QuantizedConvolutionTests {
    @Test(arguments: QuantizedCase.all)
    func theSumsAreExact(_ sample: QuantizedCase) {
        let (x, weights) = (sample.input(), sample.packedWeights())
        let expected = Reference.convolution(
            x, zeroPoint: sample.zeroPoint, weights: weights, geometry: sample.geometry)
        for compute in Samples.computes {
            let sums = UnsafeMutablePointer<Int32>.allocate(capacity: expected.count)
            defer { sums.deallocate() }
            sums.initialize(repeating: .min, count: expected.count)
            compute.convolution(
                x, zeroPoint: sample.zeroPoint, weights: weights, geometry: sample.geometry, into: .integers(sums))
            #expect(
                Array(UnsafeBufferPointer(start: sums, count: expected.count)) == expected, "\(compute.instructionSet)")
        }
    }

    @Test(arguments: QuantizedCase.all[0..<16])
    func theBytesAreRoundedAndCut(_ sample: QuantizedCase) {
        let (x, weights) = (sample.input(), sample.packedWeights())
        let sums = Reference.convolution(x, zeroPoint: sample.zeroPoint, weights: weights, geometry: sample.geometry)
        let bias = (0..<sample.outputs).map { Int32($0 * 100 - 300) }
        // Multiples of a power of two: many results lie half-way between two integers.
        let multipliers = (0..<sample.outputs).map { Float($0 + 1) / 8192 }
        for (isSigned, zeroPoint, relu) in [(false, 10, false), (true, -5, true), (false, 0, true)] {
            let expected = sums.indices.map { i in
                let channel = i % sample.outputs
                let value = Float(sums[i] &+ bias[channel]) * multipliers[channel]
                return Reference.quantized(relu ? max(0, value) : value, zeroPoint: zeroPoint, isSigned: isSigned)
            }
            for compute in Samples.computes {
                let y = QuantizedTensor(shape: [sums.count], isSigned: isSigned)
                compute.convolution(
                    x, zeroPoint: sample.zeroPoint, weights: weights, geometry: sample.geometry,
                    into: .bytes(
                        y, Requantization(multipliers: multipliers, bias: bias, zeroPoint: zeroPoint, relu: relu)))
                #expect(y.bytes == expected, "\(compute.instructionSet)")
            }
        }
    }

    @Test func floatsAreScaledSumsPlusABias() throws {
        let a = Samples.bytes([3, 41, 50], isSigned: false, seed: 1)
        let weights = QuantizedWeights(
            Samples.bytes([50, 19], isSigned: true, seed: 2).bytes, shape: [1, 1, 50, 19], isSigned: true,
            zeroPoints: [0])
        let sums = Reference.convolution(
            QuantizedTensor(a, shape: [1, 123, 1, 50]), zeroPoint: 7, weights: weights,
            geometry: ConvolutionGeometry(kernel: 1))
        let scales = (0..<19).map { 0.001 * Float($0 + 1) }
        let expected = try Tensor(
            shape: [3, 41, 19], values: sums.indices.map { Float(sums[$0]) * scales[$0 % 19] + Float($0 % 19) })
        for compute in Samples.computes {
            let y = Samples.unwritten([3, 41, 19])
            compute.matrixProduct(
                a, zeroPoint: 7, weights: weights, into: .floats(y, scales: scales, bias: (0..<19).map { Float($0) }))
            #expect(Samples.distance(y, expected) < 1e-6, "\(compute.instructionSet)")
        }
    }

    @Test func resultsHaveTheSameBitsAtAnyNumberOfThreads() {
        let sample = QuantizedCase.all[0]
        let (x, weights) = (sample.input(), sample.packedWeights())
        for set in InstructionSet.available {
            let bytes = [1, 2, 3].map { threads in
                let y = QuantizedTensor(shape: [2, 9, 7, 32], isSigned: false)
                Compute(threads: threads, instructionSet: set).convolution(
                    x, zeroPoint: 117, weights: weights, geometry: sample.geometry,
                    into: .bytes(y, Requantization(multipliers: [0.001], zeroPoint: 128)))
                return y.bytes
            }
            #expect(bytes[1] == bytes[0] && bytes[2] == bytes[0])
        }
    }
}
