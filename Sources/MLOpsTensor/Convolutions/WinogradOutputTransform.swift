// From Winograd's points back to images: the kernels of `WinogradTransform.Operation.output` and `.inputGradient`.

@inline(__always)
func transformOutput<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    var tile = 0
    while tile < t.count {
        let (image, row, column) = place(t, t.first &+ tile)
        let rows = min(4, t.height &- row)
        let columns = min(4, t.width &- column)
        var k = 0
        while k < t.channels {
            let points = t.source + (tile &* t.tileStride &+ k)
            var j = 0
            while j < 6 {
                let u = WinogradMatrix<V>.output(points + j &* t.pointStride, 6 &* t.pointStride)
                let target = patch + j &* w
                u.0.store(target)
                u.1.store(target + 6 &* w)
                u.2.store(target + 12 &* w)
                u.3.store(target + 18 &* w)
                j &+= 1
            }
            var bias = V.zero
            if let offsets = t.bias { bias = V.load(offsets + k) }
            var i = 0
            while i < rows {
                var u = WinogradMatrix<V>.output(UnsafePointer(patch + i &* 6 &* w), w)
                u = (u.0 + bias, u.1 + bias, u.2 + bias, u.3 + bias)
                if let bounds = t.bounds {
                    let (low, high) = (V(bounds.low), V(bounds.high))
                    u.0 = u.0.raised(to: low).clipped(at: high)
                    u.1 = u.1.raised(to: low).clipped(at: high)
                    u.2 = u.2.raised(to: low).clipped(at: high)
                    u.3 = u.3.raised(to: low).clipped(at: high)
                }
                let target = t.target + (image &+ ((row &+ i) &* t.width &+ column) &* t.channels &+ k)
                u.0.store(target)
                if columns > 1 { u.1.store(target + t.channels) }
                if columns > 2 { u.2.store(target + 2 &* t.channels) }
                if columns > 3 { u.3.store(target + 3 &* t.channels) }
                i &+= 1
            }
            k &+= w
        }
        tile &+= 1
    }
}

@inline(__always)
func transformInputGradient<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    let step = t.channels
    var tile = 0
    while tile < t.count {
        let (image, row0, column0) = place(t, t.first &+ tile)
        let (top, left) = (row0 &- t.top, column0 &- t.left)
        var c = 0
        while c < t.channels {
            let points = t.source + (tile &* t.tileStride &+ c)
            var j = 0
            while j < 6 {
                WinogradMatrix<V>.inputGradient(
                    points + j &* t.pointStride, 6 &* t.pointStride, to: patch + j &* w, 6 &* w)
                j &+= 1
            }
            var i = 0
            while i < 6 {
                let y = top &+ i
                if y >= 0 && y < t.height {
                    let target = t.target + (image &+ (y &* t.width &+ left) &* step &+ c)
                    addRow(V.self, UnsafePointer(patch + i &* 6 &* w), to: target, step, left, t.width, patch + 36 &* w)
                }
                i &+= 1
            }
            c &+= w
        }
        tile &+= 1
    }
}

/// Adds six gradients to the pixels of a row that lie within the image.
@inline(__always)
private func addRow<V: FloatVector>(
    _: V.Type, _ points: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, _ step: Int, _ left: Int,
    _ width: Int, _ row: UnsafeMutablePointer<Float>
) {
    let w = V.width
    WinogradMatrix<V>.inputGradient(points, w, to: row, w)
    var j = max(0, 0 &- left)
    let end = min(6, width &- left)
    while j < end {
        (V.load(target + j &* step) + V.load(row + j &* w)).store(target + j &* step)
        j &+= 1
    }
}
