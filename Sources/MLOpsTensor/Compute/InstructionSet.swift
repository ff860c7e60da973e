internal import CTensorDispatch

/// The vector instructions that kernels run with, chosen at run time.
public struct InstructionSet: Sendable, Hashable, CustomStringConvertible {
    /// The usual name, such as `avx2`.
    public let name: String
    /// The number of 32-bit floats in a vector register.
    public let vectorWidth: Int

    /// 128-bit vectors without fused multiply-add: every x86-64 processor.
    public static let sse2 = InstructionSet(name: "sse2", vectorWidth: 4)
    /// 256-bit vectors with fused multiply-add (AVX2 and FMA): x86-64 since 2013.
    public static let avx2 = InstructionSet(name: "avx2", vectorWidth: 8)
    /// 512-bit vectors (AVX-512 F, VL, BW and DQ).
    public static let avx512 = InstructionSet(name: "avx512", vectorWidth: 16)
    /// 128-bit vectors with fused multiply-add: every 64-bit ARM processor.
    public static let neon = InstructionSet(name: "neon", vectorWidth: 4)
    /// 128-bit vectors as the compiler lowers them: any other processor.
    public static let portable = InstructionSet(name: "portable", vectorWidth: 4)

    /// Those that this processor and its operating system support, the narrowest first; never empty.
    public static let available: [InstructionSet] = {
        #if arch(x86_64)
            var sets = [InstructionSet.sse2]
            if mlops_has_avx2() { sets.append(.avx2) }
            if mlops_has_avx512() { sets.append(.avx512) }
            return sets
        #elseif arch(arm64)
            return [.neon]
        #else
            return [.portable]
        #endif
    }()

    /// The widest of those that are available.
    public static let detected = available[available.count - 1]

    /// The name.
    public var description: String { name }
}
