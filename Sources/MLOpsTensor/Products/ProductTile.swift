/// One row of a tile in registers: named fields, for an array would live in memory.
protocol TileRow {
    associatedtype V: FloatVector
    /// The part of a row of B that the tile covers.
    associatedtype Columns
    static var zero: Self { get }
    static func load(_ pointer: UnsafePointer<Float>) -> Columns
    mutating func add(_ a: Float, _ b: Columns)
    mutating func add(_ pointer: UnsafeMutablePointer<Float>)
    mutating func addBias(_ bias: Columns)
    mutating func clamp(_ low: V, _ high: V)
    func store(_ pointer: UnsafeMutablePointer<Float>)
}

/// Two vectors.
struct WideRow<V: FloatVector>: TileRow {
    var x: V
    var y: V

    @inline(__always) static var zero: Self { Self(x: .zero, y: .zero) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> (V, V) {
        (V.load(pointer), V.load(pointer + V.width))
    }
    @inline(__always) mutating func add(_ a: Float, _ b: (V, V)) {
        let factor = V(a)
        x = x.adding(factor, times: b.0)
        y = y.adding(factor, times: b.1)
    }
    @inline(__always) mutating func add(_ pointer: UnsafeMutablePointer<Float>) {
        x = V.load(pointer) + x
        y = V.load(pointer + V.width) + y
    }
    @inline(__always) mutating func addBias(_ bias: (V, V)) { (x, y) = (x + bias.0, y + bias.1) }
    @inline(__always) mutating func clamp(_ low: V, _ high: V) {
        (x, y) = (x.raised(to: low).clipped(at: high), y.raised(to: low).clipped(at: high))
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) {
        x.store(pointer)
        y.store(pointer + V.width)
    }
}

/// One vector, for the last columns where they need no more.
struct NarrowRow<V: FloatVector>: TileRow {
    var x: V

    @inline(__always) static var zero: Self { Self(x: .zero) }
    @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> V { V.load(pointer) }
    @inline(__always) mutating func add(_ a: Float, _ b: V) { x = x.adding(V(a), times: b) }
    @inline(__always) mutating func add(_ pointer: UnsafeMutablePointer<Float>) { x = V.load(pointer) + x }
    @inline(__always) mutating func addBias(_ bias: V) { x = x + bias }
    @inline(__always) mutating func clamp(_ low: V, _ high: V) { x = x.raised(to: low).clipped(at: high) }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) { x.store(pointer) }
}

/// The rows of a tile in registers, which are written out, since only what has a name of its own stays in one.
protocol ProductTile {
    associatedtype Row: TileRow
    static var rows: Int { get }
    static var zero: Self { get }
    /// Adds the products of one term: of a column of A and a row of B.
    mutating func add<Terms: ProductTerms>(_ a: Terms, _ b: Row.Columns)
    /// Adds what C holds.
    mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int)
    /// Adds a number to each column.
    mutating func addBias(_ bias: Row.Columns)
    mutating func clamp(_ low: Row.V, _ high: Row.V)
    func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int)
}

struct Tile4<Row: TileRow>: ProductTile {
    var r0 = Row.zero, r1 = Row.zero, r2 = Row.zero, r3 = Row.zero

    @inline(__always) static var rows: Int { 4 }
    @inline(__always) static var zero: Self { Self() }
    @inline(__always) mutating func add<Terms: ProductTerms>(_ a: Terms, _ b: Row.Columns) {
        r0.add(a[0], b)
        r1.add(a[1], b)
        r2.add(a[2], b)
        r3.add(a[3], b)
    }
    @inline(__always) mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
    }
    @inline(__always) mutating func addBias(_ bias: Row.Columns) {
        r0.addBias(bias)
        r1.addBias(bias)
        r2.addBias(bias)
        r3.addBias(bias)
    }
    @inline(__always) mutating func clamp(_ low: Row.V, _ high: Row.V) {
        r0.clamp(low, high)
        r1.clamp(low, high)
        r2.clamp(low, high)
        r3.clamp(low, high)
    }
    @inline(__always) func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.store(c)
        r1.store(c + cRow)
        r2.store(c + 2 &* cRow)
        r3.store(c + 3 &* cRow)
    }
}

struct Tile6<Row: TileRow>: ProductTile {
    var r0 = Row.zero, r1 = Row.zero, r2 = Row.zero, r3 = Row.zero, r4 = Row.zero, r5 = Row.zero

    @inline(__always) static var rows: Int { 6 }
    @inline(__always) static var zero: Self { Self() }
    @inline(__always) mutating func add<Terms: ProductTerms>(_ a: Terms, _ b: Row.Columns) {
        r0.add(a[0], b)
        r1.add(a[1], b)
        r2.add(a[2], b)
        r3.add(a[3], b)
        r4.add(a[4], b)
        r5.add(a[5], b)
    }
    @inline(__always) mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
        r4.add(c + 4 &* cRow)
        r5.add(c + 5 &* cRow)
    }
    @inline(__always) mutating func addBias(_ bias: Row.Columns) {
        r0.addBias(bias)
        r1.addBias(bias)
        r2.addBias(bias)
        r3.addBias(bias)
        r4.addBias(bias)
        r5.addBias(bias)
    }
    @inline(__always) mutating func clamp(_ low: Row.V, _ high: Row.V) {
        r0.clamp(low, high)
        r1.clamp(low, high)
        r2.clamp(low, high)
        r3.clamp(low, high)
        r4.clamp(low, high)
        r5.clamp(low, high)
    }
    @inline(__always) func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.store(c)
        r1.store(c + cRow)
        r2.store(c + 2 &* cRow)
        r3.store(c + 3 &* cRow)
        r4.store(c + 4 &* cRow)
        r5.store(c + 5 &* cRow)
    }
}

struct Tile8<Row: TileRow>: ProductTile {
    var r0 = Row.zero, r1 = Row.zero, r2 = Row.zero, r3 = Row.zero
    var r4 = Row.zero, r5 = Row.zero, r6 = Row.zero, r7 = Row.zero

    @inline(__always) static var rows: Int { 8 }
    @inline(__always) static var zero: Self { Self() }
    @inline(__always) mutating func add<Terms: ProductTerms>(_ a: Terms, _ b: Row.Columns) {
        r0.add(a[0], b)
        r1.add(a[1], b)
        r2.add(a[2], b)
        r3.add(a[3], b)
        r4.add(a[4], b)
        r5.add(a[5], b)
        r6.add(a[6], b)
        r7.add(a[7], b)
    }
    @inline(__always) mutating func add(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.add(c)
        r1.add(c + cRow)
        r2.add(c + 2 &* cRow)
        r3.add(c + 3 &* cRow)
        r4.add(c + 4 &* cRow)
        r5.add(c + 5 &* cRow)
        r6.add(c + 6 &* cRow)
        r7.add(c + 7 &* cRow)
    }
    @inline(__always) mutating func addBias(_ bias: Row.Columns) {
        r0.addBias(bias)
        r1.addBias(bias)
        r2.addBias(bias)
        r3.addBias(bias)
        r4.addBias(bias)
        r5.addBias(bias)
        r6.addBias(bias)
        r7.addBias(bias)
    }
    @inline(__always) mutating func clamp(_ low: Row.V, _ high: Row.V) {
        r0.clamp(low, high)
        r1.clamp(low, high)
        r2.clamp(low, high)
        r3.clamp(low, high)
        r4.clamp(low, high)
        r5.clamp(low, high)
        r6.clamp(low, high)
        r7.clamp(low, high)
    }
    @inline(__always) func store(_ c: UnsafeMutablePointer<Float>, _ cRow: Int) {
        r0.store(c)
        r1.store(c + cRow)
        r2.store(c + 2 &* cRow)
        r3.store(c + 3 &* cRow)
        r4.store(c + 4 &* cRow)
        r5.store(c + 5 &* cRow)
        r6.store(c + 6 &* cRow)
        r7.store(c + 7 &* cRow)
    }
}
