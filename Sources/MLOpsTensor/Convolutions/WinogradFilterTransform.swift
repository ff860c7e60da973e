internal import CTensorDispatch

// Filters and Winograd's points: the kernels of `WinogradTransform.Operation.filter` and `.filterGradient`.

@inline(__always)
func transformFilter<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    let tap = t.filterInputs &* t.channels
    var panel = 0
    while panel &* V.tileColumns < t.channels {
        let first = panel &* V.tileColumns
        let last = min(first &+ V.tileColumns, t.channels)
        var c = t.first
        while c < t.first &+ t.count {
            let row = t.target + (panel &* t.filterInputs &+ c) &* V.tileColumns
            fetchRow(V.self, t, c &+ 8, panel)
            var k = first
            while k < last {
                let g = t.source + (c &* t.channels &+ k)
                var s = 0
                while s < 3 {
                    WinogradMatrix<V>.filter(g + s &* tap, 3 &* tap, to: patch + s &* w, 3 &* w)
                    s &+= 1
                }
                let target = row + (k &- first)
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
        panel &+= 1
    }
}

/// Asks for the lines that a row of filters is written to at each of the 36 points; past the last row, for those of a
/// row in the next panel.
@inline(__always)
private func fetchRow<V: FloatVector>(_: V.Type, _ t: WinogradTransform, _ row: Int, _ panel: Int) {
    let end = t.first &+ t.count
    let (row, panel) = row < end ? (row, panel) : (row &- t.count, panel &+ 1)
    guard row < end, panel &* V.tileColumns < t.channels else { return }
    let target = t.target + (panel &* t.filterInputs &+ row) &* V.tileColumns
    var point = 0
    while point < 36 {
        mlops_prefetch_second(target + point &* t.pointStride)
        if V.width == 16 { mlops_prefetch_second(target + (point &* t.pointStride &+ 16)) }
        point &+= 1
    }
}

@inline(__always)
func transformFilterGradient<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    let tap = t.filterInputs &* t.channels
    let floats = t.count &* t.channels
    let sums = patch + WinogradConvolution.patch
    var point = 0
    while point < 36 {
        let source = t.source + (point &* t.pointStride &+ t.first &* t.channels)
        addUp(V.self, t, source, count: floats, to: sums + point &* floats)
        point &+= 1
    }
    var i = 0
    while i < floats {
        var j = 0
        while j < 6 {
            let u = sums + (j &* floats &+ i)
            let step = 6 &* floats
            WinogradMatrix<V>.filterGradient(
                V.load(u), V.load(u + step), V.load(u + 2 &* step), V.load(u + 3 &* step), V.load(u + 4 &* step),
                V.load(u + 5 &* step), to: patch + j &* w, 6 &* w)
            j &+= 1
        }
        let target = t.target + (t.first &* t.channels &+ i)
        var s = 0
        while s < 3 {
            let q = patch + s &* 6 &* w
            WinogradMatrix<V>.filterGradient(
                V.load(q), V.load(q + w), V.load(q + 2 &* w), V.load(q + 3 &* w), V.load(q + 4 &* w),
                V.load(q + 5 &* w), to: target + s &* 3 &* tap, tap)
            s &+= 1
        }
        i &+= w
    }
}

/// The sums over partial sums, always in the same order; each is read line after line.
@inline(__always)
private func addUp<V: FloatVector>(
    _: V.Type, _ t: WinogradTransform, _ source: UnsafePointer<Float>, count: Int,
    to target: UnsafeMutablePointer<Float>
) {
    let w = V.width
    var i = 0
    while i &+ 4 &* w <= count {
        var p = source + i
        var (s0, s1, s2, s3) = (V.load(p), V.load(p + w), V.load(p + 2 &* w), V.load(p + 3 &* w))
        var partial = 1
        while partial < t.partialSums {
            p += t.partialStride
            s0 = s0 + V.load(p)
            s1 = s1 + V.load(p + w)
            s2 = s2 + V.load(p + 2 &* w)
            s3 = s3 + V.load(p + 3 &* w)
            partial &+= 1
        }
        let result = target + i
        s0.store(result)
        s1.store(result + w)
        s2.store(result + 2 &* w)
        s3.store(result + 3 &* w)
        i &+= 4 &* w
    }
    while i < count {
        var p = source + i
        var sum = V.load(p)
        var partial = 1
        while partial < t.partialSums {
            p += t.partialStride
            sum = sum + V.load(p)
            partial &+= 1
        }
        sum.store(target + i)
        i &+= w
    }
}
