internal import CTensorDispatch

/// The maxima of one output row of a pooling.
struct PoolingKernel {
    var source: PixelSource
    /// The image's first float.
    var image: Int
    /// The output row.
    var target: UnsafeMutablePointer<Float>
    /// Its indices, as bits; nil where nobody asks.
    var indices: UnsafeMutablePointer<Float>?
    var width = 0, channels = 0, outputs = 0
    /// The window's rows within the image.
    var firstRow = 0, endRow = 0
    var left = 0, strideX = 1, windowColumns = 1
}

@inline(__always)
private func runMaxPool<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let kernel = raw.assumingMemoryBound(to: PoolingKernel.self).pointee
    let whole = kernel.channels &- kernel.channels % V.width
    switch kernel.source {
    case .activated(let source):
        runMaxPool(ActivatingReader<V>.self, source, kernel, from: 0, to: whole)
        if whole < kernel.channels {
            runMaxPool(ActivatingReader<Vector1>.self, source, kernel, from: whole, to: kernel.channels)
        }
    case .plain(let x):
        runMaxPool(PlainReader<V>.self, x, kernel, from: 0, to: whole)
        if whole < kernel.channels {
            runMaxPool(PlainReader<Vector1>.self, x, kernel, from: whole, to: kernel.channels)
        }
    case .gradient: break
    }
}

@inline(__always)
private func runMaxPool<Reader: PixelReader>(
    _: Reader.Type, _ source: Reader.Source, _ k: PoolingKernel, from start: Int, to end: Int
) {
    typealias V = Reader.V
    var q = 0
    while q < k.outputs {
        let column = q &* k.strideX &- k.left
        let firstColumn = max(column, 0)
        let endColumn = min(column &+ k.windowColumns, k.width)
        var c = start
        while c < end {
            let pixels = Reader(source, image: k.image, channel: c)
            var best = V(-Float.infinity)
            // The first pixel wins where nothing is greater than −∞; −1 stands for padding alone.
            var winner = V(Float(bitPattern: 0xFFFF_FFFF))
            if k.firstRow < k.endRow && firstColumn < endColumn {
                winner = V(Float(bitPattern: UInt32(truncatingIfNeeded: k.firstRow &* k.width &+ firstColumn)))
            }
            var y = k.firstRow
            while y < k.endRow {
                var x = firstColumn
                while x < endColumn {
                    let pixel = y &* k.width &+ x
                    let index = V(Float(bitPattern: UInt32(truncatingIfNeeded: pixel)))
                    best.takeMaximum(pixels.load(pixel &* k.channels), index: index, winner: &winner)
                    x &+= 1
                }
                y &+= 1
            }
            best.store(k.target + (q &* k.channels &+ c))
            if let indices = k.indices { winner.store(indices + (q &* k.channels &+ c)) }
            c &+= V.width
        }
        q &+= 1
    }
}

// The bodies for each width, and the one place that calls their trampolines; both must stay in one file, and the
// caller must not be inlined elsewhere, else the bodies silently run at the baseline's speed.
#if arch(x86_64)
    @c(mlops_pooling_8) func runMaxPool8(_ arguments: UnsafeRawPointer) { runMaxPool(Vector8.self, arguments) }
    @c(mlops_pooling_16) func runMaxPool16(_ arguments: UnsafeRawPointer) { runMaxPool(Vector16.self, arguments) }
#endif
@inline(never) private func runMaxPool4(_ arguments: UnsafeRawPointer) { runMaxPool(Vector4.self, arguments) }

extension InstructionSet {
    @inline(never)
    func run(_ arguments: PoolingKernel) {
        withUnsafePointer(to: arguments) {
            let raw = UnsafeRawPointer($0)
            #if arch(x86_64)
                switch vectorWidth {
                case 16: mlops_pooling_avx512(raw)
                case 8: mlops_pooling_avx2(raw)
                default: runMaxPool4(raw)
                }
            #else
                runMaxPool4(raw)
            #endif
        }
    }
}
