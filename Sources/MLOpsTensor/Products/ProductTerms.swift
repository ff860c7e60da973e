/// Where the numbers of A lie that a tile of a product multiplies: those of one term at a time, one for each row.
///
/// A loop that keeps the place of each row in a register of its own has too few registers for two terms at a time; so the
/// two ways in which matrices mostly lie have places of which most come from the others.
protocol ProductTerms {
    /// The number of a row; `row` is known to the compiler.
    subscript(row: Int) -> Float { get }
    /// Goes to the next term.
    mutating func advance()
}

/// Rows that are a step apart, with terms side by side.
struct RowMajorTerms: ProductTerms {
    /// The first row, the fourth and the seventh; the last two need not be there.
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
