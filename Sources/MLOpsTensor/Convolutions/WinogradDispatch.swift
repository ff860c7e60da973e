internal import CTensorDispatch

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_winograd_8) func transformTiles8(_ arguments: UnsafeRawPointer) { transformTiles(Vector8.self, arguments) }
    @c(mlops_winograd_16) func transformTiles16(_ arguments: UnsafeRawPointer) {
        transformTiles(Vector16.self, arguments)
    }
#endif
@inline(never) private func transformTiles4(_ arguments: UnsafeRawPointer) { transformTiles(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: WinogradTransform) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_winograd_avx512(raw)
                case 8: mlops_winograd_avx2(raw)
                default: transformTiles4(raw)
                }
            #else
                transformTiles4(raw)
            #endif
        }
    }
}
