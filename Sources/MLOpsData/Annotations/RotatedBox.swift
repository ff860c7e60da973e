internal import Foundation

/// A box that is turned about its center.
public struct RotatedBox: Sendable, Hashable, Codable {
    /// The center, which turning leaves where it is.
    public var center: ImagePoint
    /// The width before turning, in pixels.
    public var width: Double
    /// The height before turning, in pixels.
    public var height: Double
    /// The turn, clockwise as one sees the picture.
    public var degrees: Double

    /// Makes a box.
    public init(center: ImagePoint, width: Double, height: Double, degrees: Double) {
        self.center = center
        self.width = width
        self.height = height
        self.degrees = degrees
    }

    /// Makes a box of an upright one, turned about its center.
    public init(_ box: BoundingBox, degrees: Double) {
        self.init(
            center: ImagePoint(x: box.x + box.width / 2, y: box.y + box.height / 2), width: box.width,
            height: box.height, degrees: degrees)
    }

    /// Makes a box of the place that its top left corner has after turning, as Label Studio describes one.
    init(corner: ImagePoint, width: Double, height: Double, degrees: Double) {
        let toCenter = Self.turned(x: width / 2, y: height / 2, by: degrees)
        self.init(
            center: ImagePoint(x: corner.x + toCenter.x, y: corner.y + toCenter.y), width: width, height: height,
            degrees: degrees)
    }

    /// Makes a box of its corners, clockwise from the one that is top left before turning.
    ///
    /// `nil` when they are not those of a rectangle, within a hundredth of a pixel or a thousandth of its diagonal.
    init?(corners: [ImagePoint]) {
        guard corners.count == 4 else { return nil }
        let (a, b, c, d) = (corners[0], corners[1], corners[2], corners[3])
        let width = hypot(b.x - a.x, b.y - a.y), height = hypot(d.x - a.x, d.y - a.y)
        self.init(
            center: ImagePoint(x: (a.x + b.x + c.x + d.x) / 4, y: (a.y + b.y + c.y + d.y) / 4), width: width,
            height: height, degrees: atan2(b.y - a.y, b.x - a.x) * 180 / .pi)
        let tolerance = max(0.01, hypot(width, height) / 1000)
        let isRectangle = zip(corners, self.corners).allSatisfy { hypot($0.x - $1.x, $0.y - $1.y) <= tolerance }
        guard isRectangle else { return nil }
    }

    /// The box before turning.
    public var upright: BoundingBox {
        BoundingBox(x: center.x - width / 2, y: center.y - height / 2, width: width, height: height)
    }

    /// The corners, clockwise from the one that is top left before turning.
    public var corners: [ImagePoint] {
        [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { side in
            let offset = Self.turned(x: side.0 * width / 2, y: side.1 * height / 2, by: degrees)
            return ImagePoint(x: center.x + offset.x, y: center.y + offset.y)
        }
    }

    private static func turned(x: Double, y: Double, by degrees: Double) -> ImagePoint {
        let angle = degrees * .pi / 180
        return ImagePoint(x: x * cos(angle) - y * sin(angle), y: x * sin(angle) + y * cos(angle))
    }
}
