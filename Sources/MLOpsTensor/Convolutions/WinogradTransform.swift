/// A transform between images or filters and Winograd's 36 points, over some tiles or filter rows.
struct WinogradTransform {
    enum Operation {
        /// Image tiles of 6 × 6 to points, BᵀdB.
        case input
        /// Points to output tiles of 4 × 4, AᵀmA, plus a bias.
        case output
        /// Gradients of output tiles to points, AyAᵀ.
        case gradient
        /// Filters to points in panels, GgGᵀ.
        case filter
        /// Gradients of points, summed over partial sums, to gradients of filters, GᵀuG.
        case filterGradient
    }

    var operation: Operation
    var source: UnsafePointer<Float>
    var target: UnsafeMutablePointer<Float>
    var bias: UnsafePointer<Float>?
    /// Rows, columns and channels of the image that tiles lie in.
    var height = 0, width = 0, channels = 0
    /// Rows and columns of padding that tiles may reach into.
    var top = 0, left = 0
    var tilesX = 0, tilesY = 0
    /// The tiles, or input channels of a filter, to transform.
    var first = 0, count = 0
    /// From one tile, or input channel of a filter, to the next among the values of a point.
    var tileStride = 0
    /// From one point to the next.
    var pointStride = 0
    /// The input channels of a filter.
    var filterInputs = 0
    var partialSums = 1, partialStride = 0
    /// Room for 36 vectors.
    var patch: UnsafeMutablePointer<Float>
}

@inline(__always)
func transformTiles<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let t = raw.assumingMemoryBound(to: WinogradTransform.self).pointee
    switch t.operation {
    case .input: transformInput(V.self, t)
    case .output: transformOutput(V.self, t)
    case .gradient: transformGradient(V.self, t)
    case .filter: transformFilter(V.self, t)
    case .filterGradient: transformFilterGradient(V.self, t)
    }
}

/// Where a tile lies: its image's start, and its first row and column without padding.
@inline(__always)
private func place(_ t: WinogradTransform, _ tile: Int) -> (image: Int, row: Int, column: Int) {
    let perImage = t.tilesX &* t.tilesY
    let image = tile / perImage
    let rest = tile &- image &* perImage
    let tileRow = rest / t.tilesX
    return (
        image &* t.height &* t.width &* t.channels, tileRow &* 4, (rest &- tileRow &* t.tilesX) &* 4
    )
}

@inline(__always)
private func transformInput<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    var tile = 0
    while tile < t.count {
        let (image, row0, column0) = place(t, t.first &+ tile)
        let (top, left) = (row0 &- t.top, column0 &- t.left)
        let inside = left >= 0 && left &+ 6 <= t.width
        var c = 0
        while c < t.channels {
            var i = 0
            while i < 6 {
                let y = top &+ i
                let target = patch + i &* 6 &* w
                if y < 0 || y >= t.height {
                    var j = 0
                    while j < 6 {
                        V.zero.store(target + j &* w)
                        j &+= 1
                    }
                } else {
                    let d = t.source + (image &+ (y &* t.width &+ left) &* t.channels &+ c)
                    let step = t.channels
                    if inside {
                        WinogradMatrix<V>.input(
                            V.load(d), V.load(d + step), V.load(d + 2 &* step), V.load(d + 3 &* step),
                            V.load(d + 4 &* step), V.load(d + 5 &* step), to: target, w)
                    } else {
                        WinogradMatrix<V>.input(
                            load(V.self, d, 0, step, left, t.width), load(V.self, d, 1, step, left, t.width),
                            load(V.self, d, 2, step, left, t.width), load(V.self, d, 3, step, left, t.width),
                            load(V.self, d, 4, step, left, t.width), load(V.self, d, 5, step, left, t.width),
                            to: target, w)
                    }
                }
                i &+= 1
            }
            let points = t.target + (tile &* t.tileStride &+ c)
            var j = 0
            while j < 6 {
                let q = patch + j &* w
                WinogradMatrix<V>.input(
                    V.load(q), V.load(q + 6 &* w), V.load(q + 12 &* w), V.load(q + 18 &* w), V.load(q + 24 &* w),
                    V.load(q + 30 &* w), to: points + j &* t.pointStride, 6 &* t.pointStride)
                j &+= 1
            }
            c &+= w
        }
        tile &+= 1
    }
}

/// The pixel `offset` columns right of `column`, or zeros outside of the image.
@inline(__always)
private func load<V: FloatVector>(
    _: V.Type, _ pointer: UnsafePointer<Float>, _ offset: Int, _ step: Int, _ column: Int, _ width: Int
) -> V {
    column &+ offset >= 0 && column &+ offset < width ? V.load(pointer + offset &* step) : V.zero
}

@inline(__always)
private func transformOutput<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
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
                let u = WinogradMatrix<V>.output(UnsafePointer(patch + i &* 6 &* w), w)
                let target = t.target + (image &+ ((row &+ i) &* t.width &+ column) &* t.channels &+ k)
                (u.0 + bias).store(target)
                if columns > 1 { (u.1 + bias).store(target + t.channels) }
                if columns > 2 { (u.2 + bias).store(target + 2 &* t.channels) }
                if columns > 3 { (u.3 + bias).store(target + 3 &* t.channels) }
                i &+= 1
            }
            k &+= w
        }
        tile &+= 1
    }
}

@inline(__always)
private func transformGradient<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    let w = V.width
    let patch = t.patch
    var tile = 0
    while tile < t.count {
        let (image, row, column) = place(t, t.first &+ tile)
        var k = 0
        while k < t.channels {
            var i = 0
            while i < 4 {
                let target = patch + i &* 6 &* w
                let step = t.channels
                let y = t.source + (image &+ ((row &+ i) &* t.width &+ column) &* step &+ k)
                if row &+ i >= t.height {
                    WinogradMatrix<V>.gradient(.zero, .zero, .zero, .zero, to: target, w)
                } else {
                    WinogradMatrix<V>.gradient(
                        V.load(y), load(V.self, y, 1, step, column, t.width), load(V.self, y, 2, step, column, t.width),
                        load(V.self, y, 3, step, column, t.width), to: target, w)
                }
                i &+= 1
            }
            let points = t.target + (tile &* t.tileStride &+ k)
            var j = 0
            while j < 6 {
                let q = patch + j &* w
                WinogradMatrix<V>.gradient(
                    V.load(q), V.load(q + 6 &* w), V.load(q + 12 &* w), V.load(q + 18 &* w),
                    to: points + j &* t.pointStride, 6 &* t.pointStride)
                j &+= 1
            }
            k &+= w
        }
        tile &+= 1
    }
}

@inline(__always)
private func transformFilter<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
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
private func transformFilterGradient<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
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
