internal import CTensorDispatch

/// One output row of a convolution where each channel has a kernel of its own, or what it adds to the gradient for the
/// kernels; with vectors over channels.
struct DepthwiseKernel {
    enum Operation { case outputs, weightGradient }

    var operation = Operation.outputs
    /// The padded input row under the kernel's first row.
    var band: UnsafePointer<Float>
    /// The kernels `[R, S, C]`; for their gradient, that of the output row.
    var operand: UnsafePointer<Float>
    /// The output row; or the gradient for the kernels, `[R, S, C]`, which is added to.
    var output: UnsafeMutablePointer<Float>
    var channels = 0, columns = 0
    var kernelRows = 0, kernelColumns = 0
    /// From one kernel row, kernel column, and output column to the next in the band.
    var rowStep = 0, columnStep = 0, outputStep = 0
}

@inline(__always)
private func convolveChannels<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: DepthwiseKernel.self).pointee
    let whole = kernel.channels &- kernel.channels % V.width
    switch kernel.operation {
    case .outputs:
        convolveChannels(V.self, kernel, from: 0, to: whole)
        if whole < kernel.channels { convolveChannels(Vector1.self, kernel, from: whole, to: kernel.channels) }
    case .weightGradient:
        addWeightGradient(V.self, kernel, from: 0, to: whole)
        if whole < kernel.channels { addWeightGradient(Vector1.self, kernel, from: whole, to: kernel.channels) }
    }
}

@inline(__always)
private func convolveChannels<V: FloatVector>(_: V.Type, _ k: DepthwiseKernel, from start: Int, to end: Int) {
    if k.kernelRows == 3 && k.kernelColumns == 3 { return convolveBy3(V.self, k, from: start, to: end) }
    var q = 0
    while q < k.columns {
        var c = start
        while c < end {
            var sum = V.zero
            var r = 0
            while r < k.kernelRows {
                var x = k.band + (q &* k.outputStep &+ r &* k.rowStep &+ c)
                var w = k.operand + (r &* k.kernelColumns &* k.channels &+ c)
                var s = 0
                while s < k.kernelColumns {
                    sum = sum.adding(V.load(x), times: V.load(w))
                    x += k.columnStep
                    w += k.channels
                    s &+= 1
                }
                r &+= 1
            }
            sum.store(k.output + (q &* k.channels &+ c))
            c &+= V.width
        }
        q &+= 1
    }
}

/// The usual kernel of 3 × 3: it stays in registers for a whole row.
@inline(__always)
private func convolveBy3<V: FloatVector>(_: V.Type, _ k: DepthwiseKernel, from start: Int, to end: Int) {
    let (row, column, step) = (k.rowStep, k.columnStep, k.channels)
    var c = start
    while c < end {
        let w = k.operand + c
        let (a0, a1, a2) = (V.load(w), V.load(w + step), V.load(w + 2 &* step))
        let (b0, b1, b2) = (V.load(w + 3 &* step), V.load(w + 4 &* step), V.load(w + 5 &* step))
        let (c0, c1, c2) = (V.load(w + 6 &* step), V.load(w + 7 &* step), V.load(w + 8 &* step))
        var (x, y, q) = (k.band + c, k.output + c, 0)
        while q < k.columns {
            let (x1, x2) = (x + row, x + 2 &* row)
            let a = (V.load(x) * a0).adding(V.load(x + column), times: a1).adding(V.load(x + 2 &* column), times: a2)
            let b = (V.load(x1) * b0).adding(V.load(x1 + column), times: b1).adding(V.load(x1 + 2 &* column), times: b2)
            let d = (V.load(x2) * c0).adding(V.load(x2 + column), times: c1).adding(V.load(x2 + 2 &* column), times: c2)
            (a + b + d).store(y)
            x += k.outputStep
            y += step
            q &+= 1
        }
        c &+= V.width
    }
}

@inline(__always)
private func addWeightGradient<V: FloatVector>(_: V.Type, _ k: DepthwiseKernel, from start: Int, to end: Int) {
    var r = 0
    while r < k.kernelRows {
        var s = 0
        while s < k.kernelColumns {
            let target = k.output + (r &* k.kernelColumns &+ s) &* k.channels
            let source = k.band + (r &* k.rowStep &+ s &* k.columnStep)
            var c = start
            while c < end {
                var sum = V.load(target + c)
                var (x, dy) = (source + c, k.operand + c)
                var q = 0
                while q < k.columns {
                    sum = sum.adding(V.load(x), times: V.load(dy))
                    x += k.outputStep
                    dy += k.channels
                    q &+= 1
                }
                sum.store(target + c)
                c &+= V.width
            }
            s &+= 1
        }
        r &+= 1
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_depthwise_8) func convolveChannels8(_ arguments: UnsafeRawPointer) {
        convolveChannels(Vector8.self, arguments)
    }
    @c(mlops_depthwise_16) func convolveChannels16(_ arguments: UnsafeRawPointer) {
        convolveChannels(Vector16.self, arguments)
    }
#endif
@inline(never) private func convolveChannels4(_ arguments: UnsafeRawPointer) {
    convolveChannels(Vector4.self, arguments)
}

extension InstructionSet {
    @inline(never)
    func run(_ arguments: DepthwiseKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_depthwise_avx512(raw)
                case 8: mlops_depthwise_avx2(raw)
                default: convolveChannels4(raw)
                }
            #else
                convolveChannels4(raw)
            #endif
        }
    }
}
