// Filters and Winograd's points: the kernels of `WinogradTransform.Operation.filter` and `.filterGradient`.

@inline(__always)
func transformFilter<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    let tap = t.filterInputs &* t.channels
    var c = t.first
    while c < t.first &+ t.count {
        var k = 0
        while k < t.channels {
            let g = t.source + (c &* t.channels &+ k)
            var s = 0
            while s < 3 {
                WinogradMatrix<V>.filter(g + s &* tap, 3 &* tap, to: patch + s &* w, 3 &* w)
                s &+= 1
            }
            let panel = k / V.tileColumns
            let target =
                t.target + ((panel &* t.filterInputs &+ c) &* V.tileColumns &+ k &- panel &* V.tileColumns)
            var i = 0
            while i < 6 {
                WinogradMatrix<V>.filter(
                    UnsafePointer(patch + i &* 3 &* w), w, to: target + i &* 6 &* t.pointStride, t.pointStride)
                i &+= 1
            }
            k &+= w
        }
        c &+= 1
    }
}

@inline(__always)
func transformFilterGradient<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    let tap = t.filterInputs &* t.channels
    var c = t.first
    while c < t.first &+ t.count {
        var k = 0
        while k < t.channels {
            let source = t.source + (c &* t.channels &+ k)
            var j = 0
            while j < 6 {
                let u = source + j &* t.pointStride
                let step = 6 &* t.pointStride
                WinogradMatrix<V>.filterGradient(
                    sum(V.self, t, u), sum(V.self, t, u + step), sum(V.self, t, u + 2 &* step),
                    sum(V.self, t, u + 3 &* step), sum(V.self, t, u + 4 &* step), sum(V.self, t, u + 5 &* step),
                    to: patch + j &* w, 6 &* w)
                j &+= 1
            }
            let target = t.target + (c &* t.channels &+ k)
            var i = 0
            while i < 3 {
                let q = patch + i &* 6 &* w
                WinogradMatrix<V>.filterGradient(
                    V.load(q), V.load(q + w), V.load(q + 2 &* w), V.load(q + 3 &* w), V.load(q + 4 &* w),
                    V.load(q + 5 &* w), to: target + i &* 3 &* tap, tap)
                i &+= 1
            }
            k &+= w
        }
        c &+= 1
    }
}

/// The sum over partial sums, always in the same order.
@inline(__always)
private func sum<V: FloatVector>(_: V.Type, _ t: WinogradTransform, _ pointer: UnsafePointer<Float>) -> V {
    var total = V.load(pointer)
    var i = 1
    while i < t.partialSums {
        total = total + V.load(pointer + i &* t.partialStride)
        i &+= 1
    }
    return total
}
