/// A product of a block of pixels with one panel of weights, all of small integers, as one thread does it.
///
/// Rows are pixels: `line` of them lie `aRow` bytes apart, and each line `aLine` bytes after the one before. The terms of
/// a sum lie in runs, `outer` × `middle` of them.
struct IntegerBlock {
    var a: UnsafeRawPointer
    /// A panel of weights, in the order in which the terms are walked.
    var b: UnsafeRawPointer
    /// `[rows][tile]`, with rows up to a whole tile behind it.
    var c: UnsafeMutableRawPointer
    var rows = 0, line = 1
    var aRow = 0, aLine = 0
    var outer = 1, middle = 1
    /// The lanes of a run, of 4 bytes each.
    var inner = 0
    var aOuter = 0, aMiddle = 0
    /// Whether sums are added to what is in `c`.
    var accumulating = false

    /// The lanes of a panel that stay in the first level of the cache, with the pixels of some tiles.
    private static let lanesAtATime = 256

    /// Calls `body` with parts of the sums one after the other, each with as much of the panel as stays in the cache while
    /// all rows are multiplied by it.
    func forEachPart(tileBytes: Int, _ body: (IntegerBlock) -> Void) {
        guard outer * middle * inner > Self.lanesAtATime else { return body(self) }
        var part = self
        part.outer = 1
        let isWhole = middle * inner <= Self.lanesAtATime
        if !isWhole { part.middle = 1 }
        for row in 0..<outer {
            for column in 0..<(isWhole ? 1 : middle) {
                for lane in stride(from: 0, to: inner, by: isWhole ? inner : Self.lanesAtATime) {
                    part.a = a + (row * aOuter + column * aMiddle + 4 * lane)
                    part.inner = min(isWhole ? inner : Self.lanesAtATime, inner - lane)
                    body(part)
                    part.b += part.middle * part.inner * tileBytes
                    part.accumulating = true
                }
            }
        }
    }
}

/// One row of a tile in registers; tiles are written out row by row, as those of floats in `WalkingProduct.swift` are, for
/// what has no name of its own would lie on the stack.
private struct SumRow<V: IntegerVector> {
    var x = V(0), y = V(0)

    @inline(__always) mutating func add(_ a: UnsafeRawPointer, _ b0: V, _ b1: V) {
        let pixel = V(a.loadUnaligned(as: Int32.self))
        x = x.adding(pixel, times: b0)
        y = y.adding(pixel, times: b1)
    }
    /// Writes the sums, or adds them to what is there.
    @inline(__always) func store(_ pointer: UnsafeMutableRawPointer, accumulating: Bool) {
        let next = pointer + 4 &* V.width
        (accumulating ? V.load(pointer) + x : x).store(pointer)
        (accumulating ? V.load(next) + y : y).store(next)
    }
}

@inline(__always)
func multiplyIntegers<V: IntegerVector>(_: V.Type, _ raw: UnsafeRawPointer) {
    let block = raw.assumingMemoryBound(to: IntegerBlock.self).pointee
    var places = RowPlaces(rows: block.rows, step: block.aRow, line: block.line, lineStep: block.aLine)
    var row = 0
    while row < block.rows {
        let c = block.c + row &* 8 &* V.width
        if V.tileRows == 8 {
            multiplyTile8(V.self, block, &places, c)
        } else if V.tileRows == 6 {
            multiplyTile6(V.self, block, &places, c)
        } else {
            multiplyTile4(V.self, block, &places, c)
        }
        row &+= V.tileRows
    }
}

@inline(__always)
private func multiplyTile8<V: IntegerVector>(
    _: V.Type, _ block: IntegerBlock, _ places: inout RowPlaces, _ c: UnsafeMutableRawPointer
) {
    var r0 = SumRow<V>()
    var r1 = SumRow<V>()
    var r2 = SumRow<V>()
    var r3 = SumRow<V>()
    var r4 = SumRow<V>()
    var r5 = SumRow<V>()
    var r6 = SumRow<V>()
    var r7 = SumRow<V>()
    let first = places.next()
    let o1 = places.next() &- first
    let o2 = places.next() &- first
    let o3 = places.next() &- first
    let o4 = places.next() &- first
    let o5 = places.next() &- first
    let o6 = places.next() &- first
    let o7 = places.next() &- first
    var q = block.b
    var outer = 0
    while outer < block.outer {
        var middle = 0
        while middle < block.middle {
            var p = block.a + (first &+ outer &* block.aOuter &+ middle &* block.aMiddle)
            var inner = block.inner
            while inner > 0 {
                let b0 = V.load(q)
                let b1 = V.load(q + 4 &* V.width)
                r0.add(p, b0, b1)
                r1.add(p + o1, b0, b1)
                r2.add(p + o2, b0, b1)
                r3.add(p + o3, b0, b1)
                r4.add(p + o4, b0, b1)
                r5.add(p + o5, b0, b1)
                r6.add(p + o6, b0, b1)
                r7.add(p + o7, b0, b1)
                p += 4
                q += 8 &* V.width
                inner &-= 1
            }
            middle &+= 1
        }
        outer &+= 1
    }
    let step = 8 &* V.width
    r0.store(c, accumulating: block.accumulating)
    r1.store(c + step, accumulating: block.accumulating)
    r2.store(c + 2 &* step, accumulating: block.accumulating)
    r3.store(c + 3 &* step, accumulating: block.accumulating)
    r4.store(c + 4 &* step, accumulating: block.accumulating)
    r5.store(c + 5 &* step, accumulating: block.accumulating)
    r6.store(c + 6 &* step, accumulating: block.accumulating)
    r7.store(c + 7 &* step, accumulating: block.accumulating)
}

/// Two lanes a loop: what counts them is shared.
@inline(__always)
private func multiplyTile6<V: IntegerVector>(
    _: V.Type, _ block: IntegerBlock, _ places: inout RowPlaces, _ c: UnsafeMutableRawPointer
) {
    var r0 = SumRow<V>()
    var r1 = SumRow<V>()
    var r2 = SumRow<V>()
    var r3 = SumRow<V>()
    var r4 = SumRow<V>()
    var r5 = SumRow<V>()
    let first = places.next()
    let o1 = places.next() &- first
    let o2 = places.next() &- first
    let o3 = places.next() &- first
    let o4 = places.next() &- first
    let o5 = places.next() &- first
    var q = block.b
    var outer = 0
    while outer < block.outer {
        var middle = 0
        while middle < block.middle {
            var p = block.a + (first &+ outer &* block.aOuter &+ middle &* block.aMiddle)
            var inner = block.inner
            while inner > 1 {
                let b0 = V.load(q)
                let b1 = V.load(q + 4 &* V.width)
                r0.add(p, b0, b1)
                r1.add(p + o1, b0, b1)
                r2.add(p + o2, b0, b1)
                r3.add(p + o3, b0, b1)
                r4.add(p + o4, b0, b1)
                r5.add(p + o5, b0, b1)
                let b2 = V.load(q + 8 &* V.width)
                let b3 = V.load(q + 12 &* V.width)
                r0.add(p + 4, b2, b3)
                r1.add(p + o1 + 4, b2, b3)
                r2.add(p + o2 + 4, b2, b3)
                r3.add(p + o3 + 4, b2, b3)
                r4.add(p + o4 + 4, b2, b3)
                r5.add(p + o5 + 4, b2, b3)
                p += 8
                q += 16 &* V.width
                inner &-= 2
            }
            if inner > 0 {
                let b0 = V.load(q)
                let b1 = V.load(q + 4 &* V.width)
                r0.add(p, b0, b1)
                r1.add(p + o1, b0, b1)
                r2.add(p + o2, b0, b1)
                r3.add(p + o3, b0, b1)
                r4.add(p + o4, b0, b1)
                r5.add(p + o5, b0, b1)
                q += 8 &* V.width
            }
            middle &+= 1
        }
        outer &+= 1
    }
    let step = 8 &* V.width
    r0.store(c, accumulating: block.accumulating)
    r1.store(c + step, accumulating: block.accumulating)
    r2.store(c + 2 &* step, accumulating: block.accumulating)
    r3.store(c + 3 &* step, accumulating: block.accumulating)
    r4.store(c + 4 &* step, accumulating: block.accumulating)
    r5.store(c + 5 &* step, accumulating: block.accumulating)
}

@inline(__always)
private func multiplyTile4<V: IntegerVector>(
    _: V.Type, _ block: IntegerBlock, _ places: inout RowPlaces, _ c: UnsafeMutableRawPointer
) {
    var r0 = SumRow<V>()
    var r1 = SumRow<V>()
    var r2 = SumRow<V>()
    var r3 = SumRow<V>()
    let first = places.next()
    let o1 = places.next() &- first
    let o2 = places.next() &- first
    let o3 = places.next() &- first
    var q = block.b
    var outer = 0
    while outer < block.outer {
        var middle = 0
        while middle < block.middle {
            var p = block.a + (first &+ outer &* block.aOuter &+ middle &* block.aMiddle)
            var inner = block.inner
            while inner > 0 {
                let b0 = V.load(q)
                let b1 = V.load(q + 4 &* V.width)
                r0.add(p, b0, b1)
                r1.add(p + o1, b0, b1)
                r2.add(p + o2, b0, b1)
                r3.add(p + o3, b0, b1)
                p += 4
                q += 8 &* V.width
                inner &-= 1
            }
            middle &+= 1
        }
        outer &+= 1
    }
    let step = 8 &* V.width
    r0.store(c, accumulating: block.accumulating)
    r1.store(c + step, accumulating: block.accumulating)
    r2.store(c + 2 &* step, accumulating: block.accumulating)
    r3.store(c + 3 &* step, accumulating: block.accumulating)
}
