/// A 64-bit hash of what a picture looks like: near pictures have hashes that differ in few bits.
///
/// The gray picture is reduced to 9 × 8; each bit says whether a pixel is brighter than its left neighbor, row by row,
/// the first bit the highest. Source: N. Krawetz, "Kind of like that", hackerfactor.com, 2013 (dHash).
public struct DifferenceHash: Sendable, Hashable {
    /// The bits.
    public let bits: UInt64

    /// The hash of a picture.
    public init(of image: Image) {
        // Sizes of 9 × 8 are always valid, so the resized picture is there.
        let gray = ((try? image.resized(width: 9, height: 8)) ?? image).gray()
        var bits: UInt64 = 0
        for y in 0..<8 {
            for x in 0..<8 { bits = bits << 1 | (gray[9 * y + x + 1] > gray[9 * y + x] ? 1 : 0) }
        }
        self.bits = bits
    }

    /// A hash of known bits.
    public init(bits: UInt64) { self.bits = bits }

    /// The number of bits that differ, 0…64.
    public func distance(to other: DifferenceHash) -> Int { (bits ^ other.bits).nonzeroBitCount }
}
