import MLOpsTensor
import Testing

@Suite struct NormalizationTests {
    static let shapes = [
        [1, 1], [2, 3], [3, 1, 1, 5], [2, 7, 9, 17], [4, 16, 16, 32], [1100, 40], [1000, 17], [30, 1],
    ]

    @Test(arguments: shapes)
    func theNormalizationAndItsGradientsAreTheirDefinitions(shape: [Int]) {
        let channels = shape[shape.count - 1]
        let x = Samples.tensor(shape)
        for i in 0..<x.count { x.pointer[i] += Float(i % channels) }
        let dy = Samples.tensor(shape, seed: 2)
        let (scale, offset) = (Samples.tensor([channels], seed: 3), Samples.tensor([channels], seed: 4))
        let expected = (0..<7).map { $0 < 2 ? Tensor(shape: shape) : Tensor(shape: [channels]) }
        Reference.batchNorm(
            x, scale: scale, offset: offset, epsilon: 1e-3, into: expected[0], mean: expected[2],
            inverseDeviation: expected[3])
        Reference.batchNormBackward(
            dy, x, scale: scale, mean: expected[2], inverseDeviation: expected[3], into: expected[1],
            dScale: expected[4], dOffset: expected[5])
        for compute in Samples.computes {
            let given = (0..<7).map { $0 < 2 ? Samples.unwritten(shape) : Samples.unwritten([channels]) }
            compute.batchNorm(
                x, scale: scale, offset: offset, epsilon: 1e-3, into: given[0], mean: given[2],
                inverseDeviation: given[3])
            compute.batchNormBackward(
                dy, x, scale: scale, mean: expected[2], inverseDeviation: expected[3], into: given[1],
                dScale: given[4], dOffset: given[5])
            for i in 0..<6 {
                var size: Float = 0
                for j in 0..<given[i].count {
                    size = max(size, abs(given[i].pointer[j] - expected[i].pointer[j]))
                }
                #expect(size < 2e-4, "result \(i) of \(compute.instructionSet)")
            }
        }
    }

    @Test func theGradientsAreSlopes() {
        let shape = [2, 3, 3, 5]
        let (x, dy) = (Samples.tensor(shape), Samples.tensor(shape, seed: 2))
        let (scale, offset) = (Samples.tensor([5], seed: 3), Samples.tensor([5], seed: 4))
        for compute in Samples.computes {
            let (y, dx) = (Tensor(shape: shape), Tensor(shape: shape))
            let sums = (0..<4).map { _ in Tensor(shape: [5]) }
            let loss = {
                compute.batchNorm(
                    x, scale: scale, offset: offset, epsilon: 1e-3, into: y, mean: sums[0], inverseDeviation: sums[1])
                return Samples.dot(y, dy)
            }
            _ = loss()
            compute.batchNormBackward(
                dy, x, scale: scale, mean: sums[0], inverseDeviation: sums[1], into: dx, dScale: sums[2],
                dOffset: sums[3])
            for i in [0, 17, 89] { #expect(abs(Samples.slope(x, at: i, loss) - Double(dx.pointer[i])) < 2e-3) }
            for c in 0..<5 {
                #expect(abs(Samples.slope(scale, at: c, loss) - Double(sums[2].pointer[c])) < 2e-3)
                #expect(abs(Samples.slope(offset, at: c, loss) - Double(sums[3].pointer[c])) < 2e-3)
            }
        }
    }

    @Test func theVarianceSurvivesALargeMean() {
        let x = Samples.tensor([4000, 8])
        for i in 0..<x.count { x.pointer[i] = 1000 + (x.pointer[i] * 64).rounded() / 64 }
        let (y, mean, inverse, exact) = (
            Tensor(shape: x.shape), Tensor(shape: [8]), Tensor(shape: [8]), Tensor(shape: [8])
        )
        let (one, zero) = (Tensor(shape: [8]), Tensor(shape: [8]))
        one.fill(1)
        Reference.batchNorm(
            x, scale: one, offset: zero, epsilon: 0, into: y, mean: mean, inverseDeviation: exact)
        for compute in Samples.computes {
            compute.batchNorm(x, scale: one, offset: zero, epsilon: 0, into: y, mean: mean, inverseDeviation: inverse)
            #expect(Samples.distance(inverse, exact) < 1e-4)
        }
    }

    @Test(arguments: shapes)
    func scalingAndShiftingIsItsDefinition(shape: [Int]) {
        let channels = shape[shape.count - 1]
        let x = Samples.tensor(shape)
        let (scale, shift) = (Samples.tensor([channels], seed: 3), Samples.tensor([channels], seed: 4))
        for compute in Samples.computes {
            for relu in [false, true] {
                let (y, expected) = (Samples.unwritten(shape), Tensor(shape: shape))
                compute.scaleAndShift(x, scale: scale, shift: shift, relu: relu, into: y)
                Reference.scaleAndShift(x, scale: scale, shift: shift, relu: relu, into: expected)
                #expect(Samples.distance(y, expected) < 1e-6)
            }
        }
    }
}
