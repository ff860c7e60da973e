internal import CTensorDispatch

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_product_8) func multiplyBlock8(_ arguments: UnsafeRawPointer) { multiplyBlock(Vector8.self, arguments) }
    @c(mlops_product_16) func multiplyBlock16(_ arguments: UnsafeRawPointer) { multiplyBlock(Vector16.self, arguments) }
#endif
@inline(never) private func multiplyBlock4(_ arguments: UnsafeRawPointer) {
    #if arch(x86_64)
        if multiplyBroadcasting(arguments) { return }
    #endif
    multiplyBlock(Vector4.self, arguments)
}

extension InstructionSet {
    @inline(never)
    func run(_ arguments: ProductBlock) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_product_avx512(raw)
                case 8: mlops_product_avx2(raw)
                default: multiplyBlock4(raw)
                }
            #else
                multiplyBlock4(raw)
            #endif
        }
    }
}
