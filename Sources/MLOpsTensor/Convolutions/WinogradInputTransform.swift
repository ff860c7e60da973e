// From images to Winograd's points: the kernels of `WinogradTransform.Operation.input` and `.gradient`.

@inline(__always)
func transformInput<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let t = raw.assumingMemoryBound(to: WinogradTransform.self).pointee
    switch t.pixels {
    case .plain(let x): transformInput(PlainReader<V>.self, t, x)
    case .activated(let x): transformInput(ActivatingReader<V>.self, t, x)
    case .gradient: break
    }
}

@inline(__always)
func transformGradient<V: FloatVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let t = raw.assumingMemoryBound(to: WinogradTransform.self).pointee
    switch t.pixels {
    case .plain(let dy): transformGradient(PlainReader<V>.self, t, dy)
    case .gradient(let source): transformGradient(GradientReader<V, ReluMask>.self, t, source)
    case .activated: break
    }
}

@inline(__always)
private func transformInput<Reader: PixelReader>(
    _: Reader.Type, _ t: WinogradTransform, _ source: Reader.Source
) {
    typealias V = Reader.V
    let w = V.width
    let patch = t.patch
    var tile = 0
    while tile < t.count {
        let (image, row0, column0) = place(t, t.first &+ tile)
        let (top, left) = (row0 &- t.top, column0 &- t.left)
        let inside = left >= 0 && left &+ 6 <= t.width
        var c = 0
        while c < t.channels {
            let pixels = Reader(source, image: image, channel: c)
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
                    let step = t.channels
                    let d = (y &* t.width &+ left) &* step
                    if inside {
                        WinogradMatrix<V>.input(
                            pixels.load(d), pixels.load(d &+ step), pixels.load(d &+ 2 &* step),
                            pixels.load(d &+ 3 &* step),
                            pixels.load(d &+ 4 &* step), pixels.load(d &+ 5 &* step), to: target, w)
                    } else {
                        let row = patch + 36 &* w
                        copyRow(pixels, d, 6, step, left, t.width, to: row)
                        WinogradMatrix<V>.input(
                            V.load(row), V.load(row + w), V.load(row + 2 &* w), V.load(row + 3 &* w),
                            V.load(row + 4 &* w), V.load(row + 5 &* w), to: target, w)
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

/// Reads some pixels side by side, with zeros outside of the image.
@inline(__always)
func copyRow<Reader: PixelReader>(
    _ pixels: Reader, _ start: Int, _ count: Int, _ step: Int, _ column: Int, _ width: Int,
    to row: UnsafeMutablePointer<Float>
) {
    var j = 0
    while j < count {
        let isInside = column &+ j >= 0 && column &+ j < width
        (isInside ? pixels.load(start &+ j &* step) : .zero).store(row + j &* Reader.V.width)
        j &+= 1
    }
}

@inline(__always)
private func transformGradient<Reader: PixelReader>(
    _: Reader.Type, _ t: WinogradTransform, _ source: Reader.Source
) {
    typealias V = Reader.V
    let w = V.width
    let patch = t.patch
    var tile = 0
    while tile < t.count {
        let (image, row0, column) = place(t, t.first &+ tile)
        var k = 0
        while k < t.channels {
            let pixels = Reader(source, image: image, channel: k)
            var i = 0
            while i < 4 {
                let target = patch + i &* 6 &* w
                let step = t.channels
                let y = ((row0 &+ i) &* t.width &+ column) &* step
                if row0 &+ i >= t.height {
                    WinogradMatrix<V>.gradient(.zero, .zero, .zero, .zero, to: target, w)
                } else if column &+ 4 <= t.width {
                    WinogradMatrix<V>.gradient(
                        pixels.load(y), pixels.load(y &+ step), pixels.load(y &+ 2 &* step),
                        pixels.load(y &+ 3 &* step), to: target, w)
                } else {
                    let row = patch + 36 &* w
                    copyRow(pixels, y, 4, step, column, t.width, to: row)
                    WinogradMatrix<V>.gradient(
                        V.load(row), V.load(row + w), V.load(row + 2 &* w), V.load(row + 3 &* w), to: target, w)
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
