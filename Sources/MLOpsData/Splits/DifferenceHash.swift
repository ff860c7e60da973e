/// A hash of where a picture brightens from left to right; it survives scaling, compression and a change of brightness.
///
/// The gray picture is reduced to 9 × 8; each bit says whether a pixel is brighter than its left neighbor.
/// Source: N. Krawetz, "Kind of like that", hackerfactor.com, 2013 (dHash).
public struct DifferenceHash: VisualHash {
    /// The bits.
    public let bits: UInt64

    /// A hash of known bits.
    public init(bits: UInt64) { self.bits = bits }

    /// The hash of a picture.
    public init(of image: Image) { self.init(of: GrayPicture(image)) }

    init(of picture: GrayPicture) {
        let gray = picture.reduced(width: 9, height: 8).values
        var bits: UInt64 = 0
        for y in 0..<8 {
            for x in 0..<8 { bits = bits << 1 | (gray[9 * y + x + 1] > gray[9 * y + x] ? 1 : 0) }
        }
        self.bits = bits
    }
}
