// From images to Winograd's points: the kernels of `WinogradTransform.Operation.input` and `.gradient`.

@inline(__always)
func transformImage<V: FloatVector>(_: V.Type, _ t: WinogradTransform) {
    switch (t.operation, t.pixels) {
    case (.input, .plain(let x)): transformInput(PlainReader<V>.self, t, x)
    case (.input, .activated(let x, let scale, let shift)):
        transformInput(ActivatingReader<V>.self, t, (x, scale, shift))
    case (.gradient, .plain(let dy)): transformGradient(PlainReader<V>.self, t, dy)
    case (.gradient, .gradient(let source)): transformGradient(GradientReader<V>.self, t, source)
    default: break
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
                        WinogradMatrix<V>.input(
                            load(pixels, d, 0, step, left, t.width), load(pixels, d, 1, step, left, t.width),
                            load(pixels, d, 2, step, left, t.width), load(pixels, d, 3, step, left, t.width),
                            load(pixels, d, 4, step, left, t.width), load(pixels, d, 5, step, left, t.width),
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
private func load<Reader: PixelReader>(
    _ pixels: Reader, _ start: Int, _ offset: Int, _ step: Int, _ column: Int, _ width: Int
) -> Reader.V {
    column &+ offset >= 0 && column &+ offset < width ? pixels.load(start &+ offset &* step) : .zero
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
        let (image, row, column) = place(t, t.first &+ tile)
        var k = 0
        while k < t.channels {
            let pixels = Reader(source, image: image, channel: k)
            var i = 0
            while i < 4 {
                let target = patch + i &* 6 &* w
                let step = t.channels
                let y = ((row &+ i) &* t.width &+ column) &* step
                if row &+ i >= t.height {
                    WinogradMatrix<V>.gradient(.zero, .zero, .zero, .zero, to: target, w)
                } else {
                    WinogradMatrix<V>.gradient(
                        pixels.load(y), load(pixels, y, 1, step, column, t.width),
                        load(pixels, y, 2, step, column, t.width),
                        load(pixels, y, 3, step, column, t.width), to: target, w)
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
