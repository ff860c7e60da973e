/// A vector of 32-bit integers that sums of products of small integers are taken in.
///
/// Everything is always inlined, as in ``FloatVector``.
protocol IntegerVector {
    /// The floats of a register as wide.
    associatedtype Floats: FloatVector
    /// The number of integers.
    static var width: Int { get }
    /// The rows of the tile that a matrix product keeps in registers, two vectors wide.
    static var tileRows: Int { get }
    /// One number in every lane.
    init(_ value: Int32)
    /// The bits of floats.
    init(bitsOf floats: Floats)
    /// The integers at an address of any alignment.
    static func load(_ pointer: UnsafeRawPointer) -> Self
    /// As many bytes, without sign, from an address of any alignment.
    static func loadBytes(_ pointer: UnsafePointer<UInt8>) -> Self
    /// Writes the integers to an address of any alignment.
    func store(_ pointer: UnsafeMutableRawPointer)
    /// Writes the lowest byte of each lane.
    func storeBytes(_ pointer: UnsafeMutableRawPointer)
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func ^ (a: Self, b: Self) -> Self
    /// `self` plus the products of the small integers in each lane: of four bytes in `a`, without sign, and `b`, with
    /// sign, where ``IntegerProduct/bytes16`` runs; else of two 16-bit integers.
    func adding(_ a: Self, times b: Self) -> Self
    /// The nearest floats.
    var floats: Floats { get }
}
