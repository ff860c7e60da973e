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

}

/// One row of a tile in registers.
private struct SumRow<V: IntegerVector> {
    var x = V(0), y = V(0)

    @inline(__always) mutating func add(_ a: UnsafeRawPointer, _ b0: V, _ b1: V) {
        let pixel = V(a.loadUnaligned(as: Int32.self))
        x = x.adding(pixel, times: b0)
        y = y.adding(pixel, times: b1)
    }
    @inline(__always) func store(_ pointer: UnsafeMutableRawPointer) {
        x.store(pointer)
        y.store(pointer + 4 &* V.width)
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
    var r0 = SumRow<V>(), r1 = SumRow<V>(), r2 = SumRow<V>(), r3 = SumRow<V>()
    var r4 = SumRow<V>(), r5 = SumRow<V>(), r6 = SumRow<V>(), r7 = SumRow<V>()
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
    r0.store(c)
    r1.store(c + step)
    r2.store(c + 2 &* step)
    r3.store(c + 3 &* step)
    r4.store(c + 4 &* step)
    r5.store(c + 5 &* step)
    r6.store(c + 6 &* step)
    r7.store(c + 7 &* step)
}

@inline(__always)
private func multiplyTile4<V: IntegerVector>(
    _: V.Type, _ block: IntegerBlock, _ places: inout RowPlaces, _ c: UnsafeMutableRawPointer
) {
    var r0 = SumRow<V>(), r1 = SumRow<V>(), r2 = SumRow<V>(), r3 = SumRow<V>()
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
    r0.store(c)
    r1.store(c + step)
    r2.store(c + 2 &* step)
    r3.store(c + 3 &* step)
}
