internal import CTensorDispatch

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_integers_8) func multiplyIntegers8(_ arguments: UnsafeRawPointer) {
        multiplyIntegers(Integer8.self, arguments)
    }
    @c(mlops_integers_16) func multiplyIntegers16(_ arguments: UnsafeRawPointer) {
        multiplyIntegers(Integer16.self, arguments)
    }
    @c(mlops_requantize_8) func requantize8(_ arguments: UnsafeRawPointer) { requantize(Integer8.self, arguments) }
    @c(mlops_requantize_16) func requantize16(_ arguments: UnsafeRawPointer) { requantize(Integer16.self, arguments) }
    @c(mlops_quantize_8) func quantize8(_ arguments: UnsafeRawPointer) { quantize(Integer8.self, arguments) }
    @c(mlops_quantize_16) func quantize16(_ arguments: UnsafeRawPointer) { quantize(Integer16.self, arguments) }
#endif
@inline(never) private func multiplyIntegers4(_ arguments: UnsafeRawPointer) {
    multiplyIntegers(Integer4.self, arguments)
}
@inline(never) private func requantize4(_ arguments: UnsafeRawPointer) { requantize(Integer4.self, arguments) }
@inline(never) private func quantize4(_ arguments: UnsafeRawPointer) { quantize(Integer4.self, arguments) }

extension IntegerProduct {
    func run(_ block: IntegerBlock) {
        block.forEachPart(tileBytes: 4 * tileColumns) { runPart($0) }
    }

    @inline(never)
    private func runPart(_ arguments: IntegerBlock) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch self {
                case .bytes16: mlops_integers_vnni(raw)
                case .pairs8: mlops_integers_avx2(raw)
                case .pairs4: multiplyIntegers4(raw)
                }
            #else
                multiplyIntegers4(raw)
            #endif
        }
    }

    @inline(never)
    func run(_ arguments: RequantizingKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch self {
                case .bytes16: mlops_requantize_avx512(raw)
                case .pairs8: mlops_requantize_avx2(raw)
                case .pairs4: requantize4(raw)
                }
            #else
                requantize4(raw)
            #endif
        }
    }
}

extension InstructionSet {
    @inline(never)
    func run(_ arguments: QuantizingKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_quantize_avx512(raw)
                case 8: mlops_quantize_avx2(raw)
                default: quantize4(raw)
                }
            #else
                quantize4(raw)
            #endif
        }
    }
}
