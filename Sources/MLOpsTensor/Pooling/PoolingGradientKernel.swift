internal import CTensorDispatch

/// The gradient of one output row of a maximum pooling whose windows tile the image: each pixel gets its window's
/// gradient, or zero.
struct PoolingGradientKernel {
    /// The output row's gradients, and where their maxima came from, as bits.
    var gradient: UnsafePointer<Float>
    var indices: UnsafePointer<Float>
    /// The image's gradient.
    var image: UnsafeMutablePointer<Float>
    var width = 0, channels = 0, outputs = 0
    /// The windows' first row.
    var firstRow = 0
    var windowRows = 0, windowColumns = 0
}

@inline(__always)
private func spread<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: PoolingGradientKernel.self).pointee
    let whole = kernel.channels &- kernel.channels % V.width
    spread(V.self, kernel, from: 0, to: whole)
    if whole < kernel.channels { spread(Vector1.self, kernel, from: whole, to: kernel.channels) }
}

@inline(__always)
private func spread<V: FloatVector>(_: V.Type, _ k: PoolingGradientKernel, from start: Int, to end: Int) {
    var y = k.firstRow
    while y < k.firstRow &+ k.windowRows {
        var q = 0
        while q < k.outputs {
            var x = q &* k.windowColumns
            while x < (q &+ 1) &* k.windowColumns {
                let pixel = y &* k.width &+ x
                let index = V(Float(bitPattern: UInt32(truncatingIfNeeded: pixel)))
                var c = start
                while c < end {
                    V.load(k.gradient + (q &* k.channels &+ c))
                        .kept(whereBitsOf: V.load(k.indices + (q &* k.channels &+ c)), equal: index)
                        .store(k.image + (pixel &* k.channels &+ c))
                    c &+= V.width
                }
                x &+= 1
            }
            q &+= 1
        }
        y &+= 1
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_unpooling_8) func spread8(_ arguments: UnsafeRawPointer) { spread(Vector8.self, arguments) }
    @c(mlops_unpooling_16) func spread16(_ arguments: UnsafeRawPointer) { spread(Vector16.self, arguments) }
#endif
@inline(never) private func spread4(_ arguments: UnsafeRawPointer) { spread(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: PoolingGradientKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_unpooling_avx512(raw)
                case 8: mlops_unpooling_avx2(raw)
                default: spread4(raw)
                }
            #else
                spread4(raw)
            #endif
        }
    }
}
