/// Where the numbers of A lie that a tile of a product multiplies: those of one term at a time, one for each row.
///
/// A loop that must keep the place of each row in a register of its own has too few registers; so the two ways in which
/// matrices mostly lie have places that instructions compute for nothing.
protocol ProductTerms {
    /// The number of a row; `row` is known to the compiler.
    subscript(row: Int) -> Float { get }
    /// Goes to the next term.
    mutating func advance()
}

/// Rows that are a step apart, with terms side by side.
struct RowMajorTerms: ProductTerms {
    /// The first row, the fourth and the seventh.
    private var p: UnsafePointer<Float>, q: UnsafePointer<Float>, r: UnsafePointer<Float>
    private let step: Int

    @inline(__always) init(_ a: UnsafePointer<Float>, rowStep: Int) {
        (p, q, r, step) = (a, a + 3 &* rowStep, a + 6 &* rowStep, rowStep)
    }

    @inline(__always) subscript(row: Int) -> Float {
        switch row {
        case 0: p[0]
        case 1: p[step]
        case 2: p[2 &* step]
        case 3: q[0]
        case 4: q[step]
        case 5: q[2 &* step]
        case 6: r[0]
        default: r[step]
        }
    }

    @inline(__always) mutating func advance() {
        p += 1
        q += 1
        r += 1
    }
}

/// Rows side by side, with terms that are a step apart.
struct ColumnMajorTerms: ProductTerms {
    private var p: UnsafePointer<Float>
    private let step: Int

    @inline(__always) init(_ a: UnsafePointer<Float>, termStep: Int) { (p, step) = (a, termStep) }
    @inline(__always) subscript(row: Int) -> Float { p[row] }
    @inline(__always) mutating func advance() { p += step }
}

/// Rows that lie anywhere, with terms that are a step apart.
struct ScatteredTerms: ProductTerms {
    private var p: UnsafePointer<Float>
    private let offsets: RowOffsets
    private let step: Int

    @inline(__always) init(_ a: UnsafePointer<Float>, _ offsets: RowOffsets, termStep: Int) {
        (p, self.offsets, step) = (a, offsets, termStep)
    }

    @inline(__always) subscript(row: Int) -> Float {
        switch row {
        case 0: p[0]
        case 1: p[offsets.o1]
        case 2: p[offsets.o2]
        case 3: p[offsets.o3]
        case 4: p[offsets.o4]
        case 5: p[offsets.o5]
        case 6: p[offsets.o6]
        default: p[offsets.o7]
        }
    }

    @inline(__always) mutating func advance() { p += step }
}

/// From the first row of a tile to each of the others, in floats.
struct RowOffsets {
    fileprivate var o1 = 0, o2 = 0, o3 = 0, o4 = 0, o5 = 0, o6 = 0, o7 = 0

    /// Of the next rows, as many as a tile has, of which the first lies at `start`.
    @inline(__always) init(of places: inout RowPlaces, count: Int, start: inout Int) {
        if let place = places.first(ofEven: count) {
            let step = places.step
            (o1, o2, o3) = (step, 2 &* step, 3 &* step)
            (o4, o5, o6, o7) = (4 &* step, 5 &* step, 6 &* step, 7 &* step)
            start = place
            return
        }
        start = places.next()
        o1 = places.next() &- start
        o2 = places.next() &- start
        o3 = places.next() &- start
        if count > 4 {
            o4 = places.next() &- start
            o5 = places.next() &- start
        }
        if count > 6 {
            o6 = places.next() &- start
            o7 = places.next() &- start
        }
    }
}
