internal import CTensorDispatch

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed. Image transforms have
// bodies of their own, for the compiler stops inlining where one grows too large.
#if arch(x86_64)
    @c(mlops_winograd_8) func transformTiles8(_ arguments: UnsafeRawPointer) { transformTiles(Vector8.self, arguments) }
    @c(mlops_winograd_16) func transformTiles16(_ arguments: UnsafeRawPointer) {
        transformTiles(Vector16.self, arguments)
    }
    @c(mlops_winograd_input_8) func transformInput8(_ arguments: UnsafeRawPointer) {
        transformInput(Vector8.self, arguments)
    }
    @c(mlops_winograd_input_16) func transformInput16(_ arguments: UnsafeRawPointer) {
        transformInput(Vector16.self, arguments)
    }
    @c(mlops_winograd_gradient_8) func transformGradient8(_ arguments: UnsafeRawPointer) {
        transformGradient(Vector8.self, arguments)
    }
    @c(mlops_winograd_gradient_16) func transformGradient16(_ arguments: UnsafeRawPointer) {
        transformGradient(Vector16.self, arguments)
    }
    @c(mlops_winograd_small_8) func transformSmallTiles8(_ arguments: UnsafeRawPointer) {
        transformSmallTiles(Vector8.self, arguments)
    }
    @c(mlops_winograd_small_16) func transformSmallTiles16(_ arguments: UnsafeRawPointer) {
        transformSmallTiles(Vector16.self, arguments)
    }
    @c(mlops_winograd_pooled_8) func transformPooledOutput8(_ arguments: UnsafeRawPointer) {
        transformPooledOutput(Vector8.self, arguments)
    }
    @c(mlops_winograd_pooled_16) func transformPooledOutput16(_ arguments: UnsafeRawPointer) {
        transformPooledOutput(Vector16.self, arguments)
    }
#endif
@inline(never) private func transformTiles4(_ arguments: UnsafeRawPointer) { transformTiles(Vector4.self, arguments) }
@inline(never) private func transformInput4(_ arguments: UnsafeRawPointer) { transformInput(Vector4.self, arguments) }
@inline(never) private func transformGradient4(_ arguments: UnsafeRawPointer) {
    transformGradient(Vector4.self, arguments)
}
@inline(never) private func transformPooledOutput4(_ arguments: UnsafeRawPointer) {
    transformPooledOutput(Vector4.self, arguments)
}
@inline(never) private func transformSmallTiles4(_ arguments: UnsafeRawPointer) {
    transformSmallTiles(Vector4.self, arguments)
}

extension InstructionSet {
    @inline(never)
    func run(_ arguments: WinogradTransform) {
        if arguments.operation == .pooledOutput { return runPooled(arguments) }
        if arguments.size == .two { return runSmall(arguments) }
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch (vectorWidth, arguments.operation) {
                case (16, .input): mlops_winograd_input_avx512(raw)
                case (16, .gradient): mlops_winograd_gradient_avx512(raw)
                case (16, _): mlops_winograd_avx512(raw)
                case (8, .input): mlops_winograd_input_avx2(raw)
                case (8, .gradient): mlops_winograd_gradient_avx2(raw)
                case (8, _): mlops_winograd_avx2(raw)
                case (_, .input): transformInput4(raw)
                case (_, .gradient): transformGradient4(raw)
                default: transformTiles4(raw)
                }
            #else
                switch arguments.operation {
                case .input: transformInput4(raw)
                case .gradient: transformGradient4(raw)
                default: transformTiles4(raw)
                }
            #endif
        }
    }

    @inline(never)
    private func runPooled(_ arguments: WinogradTransform) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_winograd_pooled_avx512(raw)
                case 8: mlops_winograd_pooled_avx2(raw)
                default: transformPooledOutput4(raw)
                }
            #else
                transformPooledOutput4(raw)
            #endif
        }
    }

    @inline(never)
    private func runSmall(_ arguments: WinogradTransform) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_winograd_small_avx512(raw)
                case 8: mlops_winograd_small_avx2(raw)
                default: transformSmallTiles4(raw)
                }
            #else
                transformSmallTiles4(raw)
            #endif
        }
    }
}
