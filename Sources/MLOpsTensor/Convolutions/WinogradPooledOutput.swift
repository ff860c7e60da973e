// From Winograd's points to the maxima of windows of 2 × 2 outputs, which a tile holds whole: the convolution's own output
// is never written.

@inline(__always)
func transformPooledOutput<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let t = raw.assumingMemoryBound(to: WinogradTransform.self).pointee
    if t.size == .four { transformPooledTiles(V.self, t) } else { transformPooledSmallTiles(V.self, t) }
}

/// AᵀmA of 4 × 4 outputs, of which 2 × 2 maxima are left.
@inline(__always)
private func transformPooledTiles<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let (w, patch) = (V.width, t.patch)
    var tile = 0
    while tile < t.count {
        let (image, row, column) = place(t, t.first &+ tile)
        let rows = min(4, t.height &- row)
        var k = 0
        while k < t.channels {
            let points = t.source + (tile &* t.tileStride &+ k)
            outputColumns(V.self, points, t.pointStride, to: patch)
            var i = 0
            while i < rows {
                let u = WinogradMatrix<V>.output(UnsafePointer(patch + i &* 6 &* w), w)
                let v = WinogradMatrix<V>.output(UnsafePointer(patch + (i &+ 1) &* 6 &* w), w)
                let target = pooledTarget(t, image, row &+ i, column) + k
                finished(maximum(u.0, u.1, v.0, v.1), t, k).store(target)
                if column &+ 2 < t.width { finished(maximum(u.2, u.3, v.2, v.3), t, k).store(target + t.channels) }
                i &+= 2
            }
            k &+= w
        }
        tile &+= 1
    }
}

/// AᵀmA of 2 × 2 outputs, of which the maximum is left.
@inline(__always)
private func transformPooledSmallTiles<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let (w, patch) = (V.width, t.patch)
    var tile = 0
    while tile < t.count {
        let (image, row, column) = place(t, t.first &+ tile)
        var k = 0
        while k < t.channels {
            let points = t.source + (tile &* t.tileStride &+ k)
            smallOutputColumns(V.self, points, t.pointStride, to: patch)
            let u = SmallWinogradMatrix<V>.output(UnsafePointer(patch), w)
            let v = SmallWinogradMatrix<V>.output(UnsafePointer(patch + 4 &* w), w)
            finished(maximum(u.0, u.1, v.0, v.1), t, k).store(pooledTarget(t, image, row, column) + k)
            k &+= w
        }
        tile &+= 1
    }
}

/// The maximum that belongs to the outputs at an even row and column; the image has even sides.
@inline(__always)
private func pooledTarget(
    _ t: WinogradTransform, _ image: Int, _ row: Int, _ column: Int
) -> UnsafeMutablePointer<Float> {
    t.target + (image / 4 &+ (row / 2 &* (t.width / 2) &+ column / 2) &* t.channels)
}

/// The greatest of four in each lane; NaN spreads.
@inline(__always)
private func maximum<V: FloatVector>(_ a: V, _ b: V, _ c: V, _ d: V) -> V {
    var (best, winner) = (a, V.zero)
    best.takeMaximum(b, index: .zero, winner: &winner)
    best.takeMaximum(c, index: .zero, winner: &winner)
    best.takeMaximum(d, index: .zero, winner: &winner)
    return best
}

/// Plus a bias, kept between bounds: neither changes which is the greatest.
@inline(__always)
private func finished<V: FloatVector>(_ x: V, _ t: WinogradTransform, _ channel: Int) -> V {
    var y = x
    if let offsets = t.bias { y = y + V.load(offsets + channel) }
    if let bounds = t.bounds { y = y.raised(to: V(bounds.low)).clipped(at: V(bounds.high)) }
    return y
}
