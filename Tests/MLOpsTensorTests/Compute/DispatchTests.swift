import MLOpsTensor
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct DispatchTests {
    /// A kernel that is not inlined into its trampoline still gives right results, at the baseline's speed: only time
    /// tells. Measured ratios are about 2.5 to 4.
    @Test(arguments: InstructionSet.available.dropFirst())
    func widerInstructionsAreUsed(set: InstructionSet) {
        let (a, b) = (Samples.tensor([192, 192]), Samples.tensor([192, 192], seed: 2))
        let c = Tensor(shape: [192, 192])
        let computes = [InstructionSet.available[0], set].map { Compute(threads: 1, instructionSet: $0) }
        var best = [Double.infinity, .infinity]
        for _ in 0..<20 {
            for (i, compute) in computes.enumerated() {
                let start = threadSeconds()
                compute.matrixProduct(a, b, into: c)
                best[i] = min(best[i], threadSeconds() - start)
            }
        }
        #expect(best[0] / best[1] > 1.3, "the product runs \(best[0] / best[1]) times as fast with \(set)")
    }

    /// Processor time of this thread, which others on the machine do not lengthen.
    private func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
