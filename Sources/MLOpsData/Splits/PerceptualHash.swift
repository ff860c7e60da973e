#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A hash of a picture's coarse light and shade; it survives scaling, compression, blur and small touches.
///
/// The gray picture is reduced to 32 × 32 and transformed by the cosine transform (type 2); each bit says whether one
/// of the 8 × 8 lowest frequencies is above their median. Source: N. Krawetz, "Looks like it", hackerfactor.com, 2011
/// (pHash), with the mean replaced by the median.
public struct PerceptualHash: VisualHash {
    /// The bits.
    public let bits: UInt64

    /// A hash of known bits.
    public init(bits: UInt64) { self.bits = bits }

    /// The hash of a picture.
    public init(of image: Image) { self.init(of: GrayPicture(image)) }

    init(of picture: GrayPicture) {
        let gray = picture.reduced(width: 32, height: 32).values
        // Columns first, then rows, as two transforms of one axis each.
        var columns = [Double](repeating: 0, count: 8 * 32)
        for k in 0..<8 {
            for y in 0..<32 {
                let weight = Self.cosines[32 * k + y]
                for x in 0..<32 { columns[32 * k + x] += weight * Double(gray[32 * y + x]) }
            }
        }
        var frequencies = [Double](repeating: 0, count: 64)
        for i in 0..<8 {
            for k in 0..<8 {
                var sum = 0.0
                for x in 0..<32 { sum += Self.cosines[32 * k + x] * columns[32 * i + x] }
                // Zero but for rounding is zero, so that a picture without change along a side has one hash.
                frequencies[8 * i + k] = abs(sum) < 1e-6 ? 0 : sum
            }
        }
        let sorted = frequencies.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        bits = frequencies.reduce(0) { $0 << 1 | ($1 > median ? 1 : 0) }
    }

    /// 2 cos(π k (2 n + 1) / 64), [8, 32].
    private static let cosines: [Double] = (0..<8).flatMap { k in
        (0..<32).map { n in
            let turn = Double(k * (2 * n + 1)) / 64
            return 2 * cos(Double.pi * turn)
        }
    }
}
