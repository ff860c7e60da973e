internal import CTensorDispatch

/// One output row of a convolution where each channel has a kernel of its own, or what it adds to the gradient for the
/// kernels; with vectors over channels.
struct DepthwiseKernel {
    enum Operation { case outputs, weightGradient }

    var operation = Operation.outputs
    /// The start of the image row under the kernel's first row, which may lie outside of the image.
    var band: UnsafePointer<Float>
    /// The kernels `[R, S, C]`; for their gradient, that of the output row.
    var operand: UnsafePointer<Float>
    /// The output row; or the gradient for the kernels, `[R, S, C]`, which is added to.
    var output: UnsafeMutablePointer<Float>
    var channels = 0, columns = 0
    var kernelRows = 0, kernelColumns = 0
    /// From one kernel row, kernel column, and output column to the next in the image.
    var rowStep = 0, columnStep = 0, outputStep = 0
    /// The kernel rows that lie on the image.
    var firstRow = 0, endRow = 0
    /// From the image row's start to the pixel under the kernel's first column at the first output; and its floats.
    var start = 0, rowCount = 0
    /// The outputs at which all kernel columns lie on the image.
    var firstInside = 0, endInside = 0
    /// A number for each channel that is added to the outputs, which then are kept between two bounds.
    var bias: UnsafePointer<Float>?
    var low = -Float.infinity, high = Float.infinity
}

/// What becomes of a sum.
private struct Finish<V: FloatVector> {
    private let bias: V, low: V, high: V

    @inline(__always) init(_ k: DepthwiseKernel, _ c: Int) {
        if let offsets = k.bias { bias = V.load(offsets + c) } else { bias = .zero }
        (low, high) = (V(k.low), V(k.high))
    }
    @inline(__always) func callAsFunction(_ sum: V) -> V { (sum + bias).raised(to: low).clipped(at: high) }
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
    var q = 0
    while q < k.columns {
        if q != k.firstInside || q == k.endInside {
            convolveEdge(V.self, k, q, from: start, to: end)
            q &+= 1
        } else if k.kernelRows == 3 && k.kernelColumns == 3 && k.firstRow == 0 && k.endRow == 3 {
            convolveBy3(V.self, k, from: start, to: end)
            q = k.endInside
        } else {
            while q &+ 4 <= k.endInside {
                convolveFour(V.self, k, q, from: start, to: end)
                q &+= 4
            }
            while q < k.endInside {
                convolveEdge(V.self, k, q, from: start, to: end)
                q &+= 1
            }
        }
    }
}

/// An output at whose place the kernel may reach past the ends of the image's rows.
@inline(__always)
private func convolveEdge<V: FloatVector>(_: V.Type, _ k: DepthwiseKernel, _ q: Int, from start: Int, to end: Int) {
    let place = k.start &+ q &* k.outputStep
    var (firstColumn, endColumn) = (0, k.kernelColumns)
    while firstColumn < endColumn && place &+ firstColumn &* k.columnStep < 0 { firstColumn &+= 1 }
    while firstColumn < endColumn && place &+ (endColumn &- 1) &* k.columnStep >= k.rowCount { endColumn &-= 1 }
    var c = start
    // Four vectors of channels at a time, whose sums do not wait for each other.
    while c &+ 4 &* V.width <= end {
        var (sum0, sum1, sum2, sum3) = (V.zero, V.zero, V.zero, V.zero)
        var r = k.firstRow
        while r < k.endRow {
            var s = firstColumn
            var x = k.band + (r &* k.rowStep &+ place &+ s &* k.columnStep &+ c)
            var w = k.operand + ((r &* k.kernelColumns &+ s) &* k.channels &+ c)
            while s < endColumn {
                sum0 = sum0.adding(V.load(x), times: V.load(w))
                sum1 = sum1.adding(V.load(x + V.width), times: V.load(w + V.width))
                sum2 = sum2.adding(V.load(x + 2 &* V.width), times: V.load(w + 2 &* V.width))
                sum3 = sum3.adding(V.load(x + 3 &* V.width), times: V.load(w + 3 &* V.width))
                x += k.columnStep
                w += k.channels
                s &+= 1
            }
            r &+= 1
        }
        let target = k.output + (q &* k.channels &+ c)
        Finish(k, c)(sum0).store(target)
        Finish(k, c &+ V.width)(sum1).store(target + V.width)
        Finish(k, c &+ 2 &* V.width)(sum2).store(target + 2 &* V.width)
        Finish(k, c &+ 3 &* V.width)(sum3).store(target + 3 &* V.width)
        c &+= 4 &* V.width
    }
    while c < end {
        var sum = V.zero
        var r = k.firstRow
        while r < k.endRow {
            var s = firstColumn
            var x = k.band + (r &* k.rowStep &+ place &+ s &* k.columnStep &+ c)
            var w = k.operand + ((r &* k.kernelColumns &+ s) &* k.channels &+ c)
            while s < endColumn {
                sum = sum.adding(V.load(x), times: V.load(w))
                x += k.columnStep
                w += k.channels
                s &+= 1
            }
            r &+= 1
        }
        Finish(k, c)(sum).store(k.output + (q &* k.channels &+ c))
        c &+= V.width
    }
}

/// Four outputs side by side, which share each weight that is loaded.
@inline(__always)
private func convolveFour<V: FloatVector>(_: V.Type, _ k: DepthwiseKernel, _ q: Int, from start: Int, to end: Int) {
    let step = k.outputStep
    var c = start
    while c < end {
        var (sum0, sum1, sum2, sum3) = (V.zero, V.zero, V.zero, V.zero)
        var r = k.firstRow
        while r < k.endRow {
            var x = k.band + (r &* k.rowStep &+ k.start &+ q &* step &+ c)
            var w = k.operand + (r &* k.kernelColumns &* k.channels &+ c)
            var s = 0
            while s < k.kernelColumns {
                let weight = V.load(w)
                sum0 = sum0.adding(V.load(x), times: weight)
                sum1 = sum1.adding(V.load(x + step), times: weight)
                sum2 = sum2.adding(V.load(x + 2 &* step), times: weight)
                sum3 = sum3.adding(V.load(x + 3 &* step), times: weight)
                x += k.columnStep
                w += k.channels
                s &+= 1
            }
            r &+= 1
        }
        let target = k.output + (q &* k.channels &+ c)
        let finish = Finish<V>(k, c)
        finish(sum0).store(target)
        finish(sum1).store(target + k.channels)
        finish(sum2).store(target + 2 &* k.channels)
        finish(sum3).store(target + 3 &* k.channels)
        c &+= V.width
    }
}

/// The usual kernel of 3 × 3, where it lies on the image: it stays in registers for a whole row.
@inline(__always)
private func convolveBy3<V: FloatVector>(_: V.Type, _ k: DepthwiseKernel, from start: Int, to end: Int) {
    let (row, column, step) = (k.rowStep, k.columnStep, k.channels)
    var c = start
    while c < end {
        let w = k.operand + c
        let (a0, a1, a2) = (V.load(w), V.load(w + step), V.load(w + 2 &* step))
        let (b0, b1, b2) = (V.load(w + 3 &* step), V.load(w + 4 &* step), V.load(w + 5 &* step))
        let (c0, c1, c2) = (V.load(w + 6 &* step), V.load(w + 7 &* step), V.load(w + 8 &* step))
        let finish = Finish<V>(k, c)
        var q = k.firstInside
        var (x, y) = (k.band + (k.start &+ q &* k.outputStep &+ c), k.output + (q &* step &+ c))
        while q < k.endInside {
            let (x1, x2) = (x + row, x + 2 &* row)
            let a = (V.load(x) * a0).adding(V.load(x + column), times: a1).adding(V.load(x + 2 &* column), times: a2)
            let b = (V.load(x1) * b0).adding(V.load(x1 + column), times: b1).adding(V.load(x1 + 2 &* column), times: b2)
            let d = (V.load(x2) * c0).adding(V.load(x2 + column), times: c1).adding(V.load(x2 + 2 &* column), times: c2)
            finish(a + b + d).store(y)
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
