import Foundation
import MLOpsCore
import MLOpsTensor
import Synchronization
import Testing

@Suite struct ComputeTests {
    @Test(arguments: [1, 2, 3, 8])
    func everyTaskRunsOnce(threads: Int) {
        let compute = Compute(threads: threads)
        for tasks in [0, 1, 2, 7, 1000] {
            let runs = UnsafeMutablePointer<Int>.allocate(capacity: tasks + 1)
            runs.initialize(repeating: 0, count: tasks + 1)
            defer { runs.deallocate() }
            compute.parallel(tasks: tasks) { runs[$0] += 1 }
            #expect((0..<tasks).allSatisfy { runs[$0] == 1 })
        }
    }

    @Test func aTaskMayItselfRunTasks() {
        let compute = Compute(threads: 3)
        let runs = Atomic<Int>(0)
        compute.parallel(tasks: 10) { _ in
            compute.parallel(tasks: 10) { _ in runs.add(1, ordering: .relaxed) }
        }
        #expect(runs.load(ordering: .relaxed) == 100)
    }

    @Test func concurrentCallersShareOneCompute() async {
        let compute = Compute(threads: 2)
        let expected = bits(of: Compute(threads: 1))
        await withTaskGroup(of: Digest.self) { group in
            for _ in 0..<6 { group.addTask { bits(of: compute) } }
            for await digest in group { #expect(digest == expected) }
        }
    }

    @Test(arguments: InstructionSet.available)
    func resultsHaveTheSameBitsAtAnyNumberOfThreads(set: InstructionSet) {
        let one = bits(of: Compute(threads: 1, instructionSet: set))
        for threads in [2, 3] {
            let compute = Compute(threads: threads, instructionSet: set)
            #expect(bits(of: compute) == one)
            #expect(bits(of: compute) == one, "scratch memory that is used again must not show")
        }
    }

    @Test func theInstructionSetsThatAreAvailableWidenInOrder() {
        let widths = InstructionSet.available.map(\.vectorWidth)
        #expect(widths == widths.sorted())
        #expect(InstructionSet.detected.vectorWidth == widths.last)
        #expect(Compute().instructionSet == .detected)
    }
}

/// The digest of the outputs of all kernels whose sums are shared among tasks.
private func bits(of compute: Compute) -> Digest {
    var outputs: [Tensor] = []
    func output(_ shape: [Int]) -> Tensor {
        outputs.append(Tensor(shape: shape))
        return outputs[outputs.count - 1]
    }
    compute.matrixProduct(Samples.tensor([150, 300]), Samples.tensor([300, 70]), into: output([150, 70]))
    for (channels, size, geometry) in [
        (16, 18, ConvolutionGeometry(kernel: 3, padding: 1)), (64, 40, ConvolutionGeometry(kernel: 3, padding: 1)),
        (3, 17, ConvolutionGeometry(kernel: 3, padding: 1)), (6, 17, ConvolutionGeometry(kernel: 5, stride: 2)),
        (32, 9, ConvolutionGeometry(kernel: 1)),
    ] {
        let x = Samples.tensor([5, size, size, channels])
        let weights = Samples.tensor([geometry.rows, geometry.columns, channels, 32])
        let shape = geometry.outputSize(height: size, width: size)
        let y = output([5, shape.height, shape.width, 32])
        compute.convolution(x, weights: weights, bias: Samples.tensor([32]), geometry: geometry, into: y)
        compute.convolutionBackwardData(y, weights: weights, geometry: geometry, into: output(x.shape))
        compute.convolutionBackwardWeights(x, y, geometry: geometry, into: output(weights.shape))
        compute.columnSums(y, into: output([32]))
        let (scale, mean, inverse) = (Samples.tensor([32]), output([32]), output([32]))
        let normal = output(y.shape)
        compute.batchNorm(
            y, scale: scale, offset: scale, epsilon: 1e-5, into: normal, mean: mean, inverseDeviation: inverse)
        compute.batchNormBackward(
            normal, y, scale: scale, mean: mean, inverseDeviation: inverse, into: output(y.shape),
            dScale: output([32]), dOffset: output([32]))
        let pooled = output([5, 32])
        compute.globalAveragePool(normal, into: pooled)
        outputs.append(Tensor(shape: [1]))
        outputs[outputs.count - 1].pointer[0] = compute.softmaxCrossEntropy(
            pooled, labels: [0, 1, 2, 3, 4], labelSmoothing: 0.1, into: output([5, 32]))
    }
    return Digest(
        of: outputs.flatMap { $0.values }.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
        })
}
