/// A 64-bit hash of what a picture looks like: near pictures have hashes that differ in few bits.
///
/// Both hashes here take the steps of PyPI's `imagehash` and Pillow exactly, so that of a picture decoded to the same
/// pixels they have the same bits.
public protocol VisualHash: Sendable, Hashable, Codable {
    /// The bits; the first of a row-by-row reading is the highest.
    var bits: UInt64 { get }
    /// A hash of known bits.
    init(bits: UInt64)
    /// The hash of a picture.
    init(of image: Image)
}

extension VisualHash {
    /// The number of bits that differ, 0…64.
    public func distance(to other: Self) -> Int { (bits ^ other.bits).nonzeroBitCount }

    /// The 16 hexadecimal digits, as `imagehash` prints them.
    public var hex: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
