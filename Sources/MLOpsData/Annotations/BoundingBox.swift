/// A point in a picture, in pixels from its top left corner, y down.
public struct ImagePoint: Sendable, Hashable, Codable {
    /// Pixels to the right of the left edge.
    public var x: Double
    /// Pixels below the upper edge.
    public var y: Double

    /// Makes a point.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// An upright box, in pixels.
public struct BoundingBox: Sendable, Hashable, Codable {
    /// The left edge.
    public var x: Double
    /// The upper edge.
    public var y: Double
    /// The width, not negative.
    public var width: Double
    /// The height, not negative.
    public var height: Double

    /// Makes a box of its top left corner and its size.
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The smallest box that holds all points; `nil` without points.
    public init?(around points: some Sequence<ImagePoint>) {
        var (left, top) = (Double.infinity, Double.infinity)
        var (right, bottom) = (-Double.infinity, -Double.infinity)
        for point in points {
            (left, right) = (min(left, point.x), max(right, point.x))
            (top, bottom) = (min(top, point.y), max(bottom, point.y))
        }
        guard left <= right, top <= bottom else { return nil }
        self.init(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// The right edge.
    public var right: Double { x + width }
    /// The lower edge.
    public var bottom: Double { y + height }

    /// The corners, clockwise from the top left one.
    public var corners: [ImagePoint] {
        [
            ImagePoint(x: x, y: y), ImagePoint(x: right, y: y), ImagePoint(x: right, y: bottom),
            ImagePoint(x: x, y: bottom),
        ]
    }
}
