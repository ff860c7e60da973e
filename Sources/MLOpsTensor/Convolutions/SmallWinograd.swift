// Winograd's F(2×2, 3×3): the kernels of `WinogradTransform.Operation` for tiles of 2 × 2 outputs.

/// The one-dimensional transforms of F(2, 3): two outputs of a three-tap filter from four inputs, with four
/// multiplications (Lavin and Gray 2016, §4.1).
enum SmallWinogradMatrix<V: FloatVector> {
    /// Bᵀ: four inputs to four points.
    @inline(__always)
    static func input(_ d0: V, _ d1: V, _ d2: V, _ d3: V, to target: UnsafeMutablePointer<Float>, _ stride: Int) {
        (d0 - d2).store(target)
        (d1 + d2).store(target + stride)
        (d2 - d1).store(target + 2 &* stride)
        (d1 - d3).store(target + 3 &* stride)
    }

    /// Aᵀ: four points to two outputs.
    @inline(__always)
    static func output(_ m: UnsafePointer<Float>, _ stride: Int) -> (V, V) {
        let (m1, m2) = (V.load(m + stride), V.load(m + 2 &* stride))
        return (V.load(m) + m1 + m2, m1 - m2 - V.load(m + 3 &* stride))
    }

    /// G: three taps to four points.
    @inline(__always)
    static func filter(
        _ g: UnsafePointer<Float>, _ gStride: Int, to target: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        let (g0, g1, g2) = (V.load(g), V.load(g + gStride), V.load(g + 2 &* gStride))
        let (even, odd) = (V(0.5) * (g0 + g2), V(0.5) * g1)
        g0.store(target)
        (even + odd).store(target + stride)
        (even - odd).store(target + 2 &* stride)
        g2.store(target + 3 &* stride)
    }
}

@inline(__always)
func transformSmallTiles<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let t = raw.assumingMemoryBound(to: WinogradTransform.self).pointee
    switch (t.operation, t.pixels) {
    case (.input, .plain(let x)): transformSmallInput(PlainReader<V>.self, t, x)
    case (.input, .activated(let x)): transformSmallInput(ActivatingReader<V>.self, t, x)
    case (.output, _): transformSmallOutput(V.self, t)
    case (.filter, _): transformSmallFilter(V.self, t)
    // Gradients go through the tiles of 4 × 4.
    default: break
    }
}

/// BᵀdB.
@inline(__always)
private func transformSmallInput<Reader: PixelReader>(
    _: Reader.Type, _ t: WinogradTransform, _ source: Reader.Source
) {
    typealias V = Reader.V
    let (w, step, patch) = (V.width, t.channels, t.patch)
    var tile = 0
    while tile < t.count {
        let (image, row, column) = place(t, t.first &+ tile)
        let (top, left) = (row &- t.top, column &- t.left)
        var c = 0
        while c < t.channels {
            let pixels = Reader(source, image: image, channel: c)
            let pixelRow = patch + 16 &* w
            var i = 0
            while i < 4 {
                let y = top &+ i
                let isInside = y >= 0 && y < t.height
                // Above and below the image, no column is inside.
                copyRow(
                    pixels, (y &* t.width &+ left) &* step, 4, step, left, isInside ? t.width : Int.min, to: pixelRow)
                SmallWinogradMatrix<V>.input(
                    V.load(pixelRow), V.load(pixelRow + w), V.load(pixelRow + 2 &* w), V.load(pixelRow + 3 &* w),
                    to: patch + i &* 4 &* w, w)
                i &+= 1
            }
            let points = t.target + (tile &* t.tileStride &+ c)
            var j = 0
            while j < 4 {
                let q = patch + j &* w
                SmallWinogradMatrix<V>.input(
                    V.load(q), V.load(q + 4 &* w), V.load(q + 8 &* w), V.load(q + 12 &* w),
                    to: points + j &* t.pointStride, 4 &* t.pointStride)
                j &+= 1
            }
            c &+= w
        }
        tile &+= 1
    }
}

/// AᵀmA, plus a bias, kept between bounds.
@inline(__always)
private func transformSmallOutput<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let (w, patch) = (V.width, t.patch)
    var tile = 0
    while tile < t.count {
        let (image, row, column) = place(t, t.first &+ tile)
        let rows = min(2, t.height &- row)
        var k = 0
        while k < t.channels {
            let points = t.source + (tile &* t.tileStride &+ k)
            smallOutputColumns(V.self, points, t.pointStride, to: patch)
            var bias = V.zero
            if let offsets = t.bias { bias = V.load(offsets + k) }
            var i = 0
            while i < rows {
                var u = SmallWinogradMatrix<V>.output(UnsafePointer(patch + i &* 4 &* w), w)
                u = (u.0 + bias, u.1 + bias)
                if let bounds = t.bounds {
                    let (low, high) = (V(bounds.low), V(bounds.high))
                    u = (u.0.raised(to: low).clipped(at: high), u.1.raised(to: low).clipped(at: high))
                }
                let target = t.target + (image &+ ((row &+ i) &* t.width &+ column) &* t.channels &+ k)
                u.0.store(target)
                if column &+ 1 < t.width { u.1.store(target + t.channels) }
                i &+= 1
            }
            k &+= w
        }
        tile &+= 1
    }
}

/// Aᵀm: the columns of 4 × 4 points, to two rows of four in a patch.
@inline(__always)
func smallOutputColumns<V: FloatVector>(
    _: V.Type, _ points: UnsafePointer<Float>, _ pointStride: Int, to patch: UnsafeMutablePointer<Float>
) {
    let w = V.width
    var j = 0
    while j < 4 {
        let u = SmallWinogradMatrix<V>.output(points + j &* pointStride, 4 &* pointStride)
        u.0.store(patch + j &* w)
        u.1.store(patch + (4 &+ j) &* w)
        j &+= 1
    }
}

/// GgGᵀ.
@inline(__always)
private func transformSmallFilter<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let (w, patch) = (V.width, t.patch)
    let tap = t.filterInputs &* t.channels
    var c = t.first
    while c < t.first &+ t.count {
        var k = 0
        while k < t.channels {
            let g = t.source + (c &* t.channels &+ k)
            var s = 0
            while s < 3 {
                SmallWinogradMatrix<V>.filter(g + s &* tap, 3 &* tap, to: patch + s &* w, 3 &* w)
                s &+= 1
            }
            let panel = k / V.tileColumns
            let target = t.target + ((panel &* t.filterInputs &+ c) &* V.tileColumns &+ k &- panel &* V.tileColumns)
            var i = 0
            while i < 4 {
                SmallWinogradMatrix<V>.filter(
                    UnsafePointer(patch + i &* 3 &* w), w, to: target + i &* 4 &* t.pointStride, t.pointStride)
                i &+= 1
            }
            k &+= w
        }
        c &+= 1
    }
}
