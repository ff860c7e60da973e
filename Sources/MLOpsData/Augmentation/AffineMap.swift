/// Where a point of a result comes from: (xx · x + xy · y + x₀, yx · x + yy · y + y₀).
///
/// Points are in pixels; the pixel (0, 0) covers 0 ..< 1, so its middle is (½, ½).
struct AffineMap: Equatable {
    var xx: Double
    var xy: Double
    var x: Double
    var yx: Double
    var yy: Double
    var y: Double

    static let identity = AffineMap(xx: 1, xy: 0, x: 0, yx: 0, yy: 1, y: 0)

    /// Stretches a picture of one size to another.
    static func scaling(from source: (width: Int, height: Int), to target: (width: Int, height: Int)) -> AffineMap {
        AffineMap(
            xx: Double(source.width) / Double(target.width), xy: 0, x: 0, yx: 0,
            yy: Double(source.height) / Double(target.height), y: 0)
    }

    var isIdentity: Bool { self == .identity }

    /// How many pixels of the source one of the result covers.
    var area: Double { abs(xx * yy - xy * yx) }

    func callAsFunction(_ px: Double, _ py: Double) -> (x: Double, y: Double) {
        (xx * px + xy * py + x, yx * px + yy * py + y)
    }

    /// First this map, then the next one.
    func followed(by next: AffineMap) -> AffineMap {
        let origin = next(x, y)
        return AffineMap(
            xx: next.xx * xx + next.xy * yx, xy: next.xx * xy + next.xy * yy, x: origin.x,
            yx: next.yx * xx + next.yy * yx, yy: next.yx * xy + next.yy * yy, y: origin.y)
    }

    /// From the source to the result; `nil` when the map is flat.
    var inverse: AffineMap? {
        let determinant = xx * yy - xy * yx
        guard determinant != 0 else { return nil }
        let (a, b, c, d) = (yy / determinant, -xy / determinant, -yx / determinant, xx / determinant)
        return AffineMap(xx: a, xy: b, x: -(a * x + b * y), yx: c, yy: d, y: -(c * x + d * y))
    }
}
