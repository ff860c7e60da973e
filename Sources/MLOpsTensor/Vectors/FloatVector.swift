internal import CTensorDispatch

/// A vector of floats that kernels are written for; the processor's registers are its conformers.
///
/// Everything is always inlined, so that a kernel's body takes on the instruction set of the trampoline it is
/// inlined into.
protocol FloatVector {
    /// The number of floats.
    static var width: Int { get }
    /// The rows of the tile that a matrix product keeps in registers, two vectors wide.
    static var tileRows: Int { get }
    /// All zeros.
    static var zero: Self { get }
    /// The floats at an address of any alignment.
    static func load(_ pointer: UnsafePointer<Float>) -> Self
    /// Writes the floats to an address of any alignment.
    func store(_ pointer: UnsafeMutablePointer<Float>)
    /// One number in every lane.
    init(_ value: Float)
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    /// `self + a * b`, fused where the processor can.
    func adding(_ a: Self, times b: Self) -> Self
    /// The square root of each lane.
    func squareRoot() -> Self
    /// `self`, with zero in lanes below zero; NaN stays.
    func relu() -> Self
    /// `self`, with `limit` in lanes above it; NaN stays.
    func clipped(at limit: Self) -> Self
    /// `self`, with `limit` in lanes below it; NaN stays.
    func raised(to limit: Self) -> Self
    /// The lanes of `a` where `self` is below `limit`, and of `b` elsewhere and where it is NaN.
    func choosing(_ a: Self, below limit: Self, else b: Self) -> Self
    /// `self` · 2ⁿ, n being the lowest nine bits of `exponent`; `self` and the result must be normal numbers.
    func scaled(byBitsOf exponent: Self) -> Self
    /// `self` in lanes where `other` is above zero, else zero.
    func kept(wherePositive other: Self) -> Self
    /// `self` in lanes where the bits of `a` and `b` are the same, else zero.
    func kept(whereBitsOf a: Self, equal b: Self) -> Self
    /// Takes the lanes of `candidate` that are greater or NaN, and the bits of `index` with them into `winner`.
    mutating func takeMaximum(_ candidate: Self, index: Self, winner: inout Self)
}

extension FloatVector {
    /// The columns of a matrix product's tile.
    @inline(__always) static var tileColumns: Int { 2 &* width }

    @inline(__always) static func load(_ pointer: UnsafeMutablePointer<Float>) -> Self {
        load(UnsafePointer(pointer))
    }
}
