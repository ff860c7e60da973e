internal import CTensorDispatch

/// An operation on rows of channels.
struct ChannelsKernel {
    enum Operation {
        /// Sums of each channel.
        case sums
        /// The mean of each channel, and the sum of squared differences from it.
        case moments
        /// Sums of `a`, and of `a` times the difference of `b` from the mean.
        case gradientSums
        /// a · scale + shift.
        case affine
        /// The same, with zero for negative results.
        case affineRelu
        /// The same, with six for results above it.
        case affineRelu6
        /// a · scale + (b − mean) · slope + shift.
        case gradient
    }

    var operation: Operation
    var a: UnsafePointer<Float>
    var b: UnsafePointer<Float>
    /// The result for each element.
    var output: UnsafeMutablePointer<Float>
    /// The results for each channel.
    var first: UnsafeMutablePointer<Float>
    var second: UnsafeMutablePointer<Float>
    var rows = 0, channels = 0
    // A number for each channel.
    var scale: UnsafePointer<Float>
    var shift: UnsafePointer<Float>
    var mean: UnsafePointer<Float>
    var slope: UnsafePointer<Float>
}

@inline(__always)
private func runChannels<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: ChannelsKernel.self).pointee
    let whole = kernel.channels &- kernel.channels % V.width
    runChannels(V.self, kernel, from: 0, to: whole)
    if whole < kernel.channels { runChannels(Vector1.self, kernel, from: whole, to: kernel.channels) }
}

@inline(__always)
private func runChannels<V: FloatVector>(_: V.Type, _ k: ChannelsKernel, from start: Int, to end: Int) {
    switch k.operation {
    case .sums: sums(V.self, k, start, end)
    case .moments: moments(V.self, k, start, end)
    case .gradientSums: gradientSums(V.self, k, start, end)
    case .affine, .affineRelu, .affineRelu6, .gradient: mapRows(V.self, k, start, end)
    }
}

/// The sum of a channel over all rows, in four interleaved sums.
@inline(__always)
private func sum<V: FloatVector>(_: V.Type, _ k: ChannelsKernel, _ c: Int) -> V {
    let step = k.channels
    var s0 = V.zero, s1 = V.zero, s2 = V.zero, s3 = V.zero
    var a = k.a + c
    var rows = k.rows
    while rows >= 4 {
        s0 = s0 + V.load(a)
        s1 = s1 + V.load(a + step)
        s2 = s2 + V.load(a + 2 &* step)
        s3 = s3 + V.load(a + 3 &* step)
        a += 4 &* step
        rows &-= 4
    }
    while rows > 0 {
        s0 = s0 + V.load(a)
        a += step
        rows &-= 1
    }
    return (s0 + s1) + (s2 + s3)
}

@inline(__always)
private func sums<V: FloatVector>(_: V.Type, _ k: ChannelsKernel, _ start: Int, _ end: Int) {
    var c = start
    while c < end {
        sum(V.self, k, c).store(k.first + c)
        c &+= V.width
    }
}

@inline(__always)
private func moments<V: FloatVector>(_: V.Type, _ k: ChannelsKernel, _ start: Int, _ end: Int) {
    let step = k.channels
    var c = start
    while c < end {
        let mean = sum(V.self, k, c) * V(1 / Float(k.rows))
        var s0 = V.zero, s1 = V.zero, s2 = V.zero, s3 = V.zero
        var a = k.a + c
        var rows = k.rows
        while rows >= 4 {
            let d0 = V.load(a) - mean
            let d1 = V.load(a + step) - mean
            let d2 = V.load(a + 2 &* step) - mean
            let d3 = V.load(a + 3 &* step) - mean
            s0 = s0.adding(d0, times: d0)
            s1 = s1.adding(d1, times: d1)
            s2 = s2.adding(d2, times: d2)
            s3 = s3.adding(d3, times: d3)
            a += 4 &* step
            rows &-= 4
        }
        while rows > 0 {
            let d = V.load(a) - mean
            s0 = s0.adding(d, times: d)
            a += step
            rows &-= 1
        }
        mean.store(k.first + c)
        ((s0 + s1) + (s2 + s3)).store(k.second + c)
        c &+= V.width
    }
}

@inline(__always)
private func gradientSums<V: FloatVector>(_: V.Type, _ k: ChannelsKernel, _ start: Int, _ end: Int) {
    let step = k.channels
    var c = start
    while c < end {
        let mean = V.load(k.mean + c)
        var s0 = V.zero, s1 = V.zero, p0 = V.zero, p1 = V.zero
        var (a, b) = (k.a + c, k.b + c)
        var rows = k.rows
        while rows >= 2 {
            let (a0, a1) = (V.load(a), V.load(a + step))
            s0 = s0 + a0
            s1 = s1 + a1
            p0 = p0.adding(a0, times: V.load(b) - mean)
            p1 = p1.adding(a1, times: V.load(b + step) - mean)
            a += 2 &* step
            b += 2 &* step
            rows &-= 2
        }
        if rows > 0 {
            s0 = s0 + V.load(a)
            p0 = p0.adding(V.load(a), times: V.load(b) - mean)
        }
        (s0 + s1).store(k.first + c)
        (p0 + p1).store(k.second + c)
        c &+= V.width
    }
}

@inline(__always)
private func mapRows<V: FloatVector>(_: V.Type, _ k: ChannelsKernel, _ start: Int, _ end: Int) {
    var row = 0
    while row < k.rows {
        let (a, b, output) = (k.a + row &* k.channels, k.b + row &* k.channels, k.output + row &* k.channels)
        var c = start
        switch k.operation {
        case .affine:
            while c < end {
                V.load(k.shift + c).adding(V.load(a + c), times: V.load(k.scale + c)).store(output + c)
                c &+= V.width
            }
        case .affineRelu:
            while c < end {
                V.load(k.shift + c).adding(V.load(a + c), times: V.load(k.scale + c)).relu().store(output + c)
                c &+= V.width
            }
        case .affineRelu6:
            while c < end {
                V.load(k.shift + c).adding(V.load(a + c), times: V.load(k.scale + c)).relu().clipped(at: V(6))
                    .store(output + c)
                c &+= V.width
            }
        default:
            while c < end {
                let difference = V.load(b + c) - V.load(k.mean + c)
                V.load(k.shift + c).adding(V.load(a + c), times: V.load(k.scale + c))
                    .adding(difference, times: V.load(k.slope + c)).store(output + c)
                c &+= V.width
            }
        }
        row &+= 1
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_channels_8) func runChannels8(_ arguments: UnsafeRawPointer) { runChannels(Vector8.self, arguments) }
    @c(mlops_channels_16) func runChannels16(_ arguments: UnsafeRawPointer) { runChannels(Vector16.self, arguments) }
#endif
@inline(never) private func runChannels4(_ arguments: UnsafeRawPointer) { runChannels(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: ChannelsKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_channels_avx512(raw)
                case 8: mlops_channels_avx2(raw)
                default: runChannels4(raw)
                }
            #else
                runChannels4(raw)
            #endif
        }
    }
}
