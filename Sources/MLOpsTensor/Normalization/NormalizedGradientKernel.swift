internal import CTensorDispatch

/// The gradient that goes through a clipping and a normalization, over rows of channels.
struct NormalizedGradientKernel {
    enum Operation {
        /// Of each channel: the sum of dy where the result was not cut off, and of that dy · (z − mean).
        case sums(UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, mean: UnsafePointer<Float>)
        /// dy · factor + z · slope + summand of each element.
        case values(UnsafeMutablePointer<Float>)
    }

    var operation: Operation
    var pixels: NormalizedGradientPixels
    var clipping: Clipping
    var rows = 0, channels = 0
}

@inline(__always)
private func runGradient<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: NormalizedGradientKernel.self).pointee
    switch kernel.clipping {
    case .none: runGradient(V.self, OpenMask.self, kernel)
    case .relu: runGradient(V.self, ReluMask.self, kernel)
    case .relu6: runGradient(V.self, Relu6Mask.self, kernel)
    }
}

@inline(__always)
private func runGradient<V: FloatVector, M: ClippingMask>(_: V.Type, _: M.Type, _ kernel: NormalizedGradientKernel) {
    let whole = kernel.channels &- kernel.channels % V.width
    runGradient(V.self, M.self, kernel, from: 0, to: whole)
    if whole < kernel.channels { runGradient(Vector1.self, M.self, kernel, from: whole, to: kernel.channels) }
}

@inline(__always)
private func runGradient<V: FloatVector, M: ClippingMask>(
    _: V.Type, _: M.Type, _ k: NormalizedGradientKernel, from start: Int, to end: Int
) {
    var c = start
    while c < end {
        switch k.operation {
        case .sums(let first, let second, let mean): sums(V.self, M.self, k, c, first, second, mean)
        case .values(let output): values(V.self, M.self, k, c, output)
        }
        c &+= V.width
    }
}

@inline(__always)
private func sums<V: FloatVector, M: ClippingMask>(
    _: V.Type, _: M.Type, _ k: NormalizedGradientKernel, _ c: Int, _ first: UnsafeMutablePointer<Float>,
    _ second: UnsafeMutablePointer<Float>, _ mean: UnsafePointer<Float>
) {
    let (scale, shift) = (V.load(k.pixels.scale + c), V.load(k.pixels.shift + c))
    let center = V.load(mean + c)
    let step = k.channels
    var (dy, z) = (k.pixels.dy + c, k.pixels.z + c)
    var s0 = V.zero, s1 = V.zero, p0 = V.zero, p1 = V.zero
    var rows = k.rows
    while rows >= 2 {
        let (z0, z1) = (V.load(z), V.load(z + step))
        let g0 = M.gradient(V.load(dy), at: shift.adding(z0, times: scale))
        let g1 = M.gradient(V.load(dy + step), at: shift.adding(z1, times: scale))
        s0 = s0 + g0
        s1 = s1 + g1
        p0 = p0.adding(g0, times: z0 - center)
        p1 = p1.adding(g1, times: z1 - center)
        dy += 2 &* step
        z += 2 &* step
        rows &-= 2
    }
    if rows > 0 {
        let z0 = V.load(z)
        let g0 = M.gradient(V.load(dy), at: shift.adding(z0, times: scale))
        s0 = s0 + g0
        p0 = p0.adding(g0, times: z0 - center)
    }
    (s0 + s1).store(first + c)
    (p0 + p1).store(second + c)
}

@inline(__always)
private func values<V: FloatVector, M: ClippingMask>(
    _: V.Type, _: M.Type, _ k: NormalizedGradientKernel, _ c: Int, _ output: UnsafeMutablePointer<Float>
) {
    let pixels = GradientReader<V, M>(k.pixels, image: 0, channel: c)
    var row = 0
    while row < k.rows {
        pixels.load(row &* k.channels).store(output + (row &* k.channels &+ c))
        row &+= 1
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_normalized_8) func runGradient8(_ arguments: UnsafeRawPointer) { runGradient(Vector8.self, arguments) }
    @c(mlops_normalized_16) func runGradient16(_ arguments: UnsafeRawPointer) { runGradient(Vector16.self, arguments) }
#endif
@inline(never) private func runGradient4(_ arguments: UnsafeRawPointer) { runGradient(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: NormalizedGradientKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_normalized_avx512(raw)
                case 8: mlops_normalized_avx2(raw)
                default: runGradient4(raw)
                }
            #else
                runGradient4(raw)
            #endif
        }
    }
}
