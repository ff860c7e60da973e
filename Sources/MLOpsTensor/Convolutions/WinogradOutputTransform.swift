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
            outputColumns(V.self, points, t.pointStride, to: patch)
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

/// Aᵀm: the columns of 6 × 6 points, to four rows of six in a patch.
@inline(__always)
func outputColumns<V: FloatVector>(
    _: V.Type, _ points: UnsafePointer<Float>, _ pointStride: Int, to patch: UnsafeMutablePointer<Float>
) {
    let w = V.width
    var j = 0
    while j < 6 {
        let u = WinogradMatrix<V>.output(points + j &* pointStride, 6 &* pointStride)
        let target = patch + j &* w
        u.0.store(target)
        u.1.store(target + 6 &* w)
        u.2.store(target + 12 &* w)
        u.3.store(target + 18 &* w)
        j &+= 1
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
                let d = WinogradMatrix<V>.inputGradient(points + j &* t.pointStride, 6 &* t.pointStride)
                let target = patch + j &* w
                d.0.store(target)
                d.1.store(target + 6 &* w)
                d.2.store(target + 12 &* w)
                d.3.store(target + 18 &* w)
                d.4.store(target + 24 &* w)
                d.5.store(target + 30 &* w)
                j &+= 1
            }
            var i = 0
            while i < 6 {
                let y = top &+ i
                if y >= 0 && y < t.height {
                    let target = t.target + (image &+ (y &* t.width &+ left) &* step &+ c)
                    addRow(V.self, UnsafePointer(patch + i &* 6 &* w), to: target, step, left, t.width)
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
    _ width: Int
) {
    let d = WinogradMatrix<V>.inputGradient(points, V.width)
    let right = width &- left
    if left >= 0 && right > 0 { (V.load(target) + d.0).store(target) }
    if left >= -1 && right > 1 { (V.load(target + step) + d.1).store(target + step) }
    if left >= -2 && right > 2 { (V.load(target + 2 &* step) + d.2).store(target + 2 &* step) }
    if left >= -3 && right > 3 { (V.load(target + 3 &* step) + d.3).store(target + 3 &* step) }
    if left >= -4 && right > 4 { (V.load(target + 4 &* step) + d.4).store(target + 4 &* step) }
    if left >= -5 && right > 5 { (V.load(target + 5 &* step) + d.5).store(target + 5 &* step) }
}
