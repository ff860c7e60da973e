/// Where in a picture an ``Annotation`` is.
///
/// Coordinates are pixels from the top left corner of the picture, x to the right and y down: the first pixel covers
/// 0…1 of both.
public enum AnnotationShape: Sendable, Hashable, Codable {
    /// The whole picture: the label of a classification.
    case picture
    /// An upright box.
    case box(BoundingBox)
    /// A box turned about its center.
    case rotatedBox(RotatedBox)
    /// The closed outlines of one thing; several when something stands in front of it.
    case polygon([[ImagePoint]])
    /// Pixels.
    case mask(RunLengthMask)
    /// The keypoints of the annotation, and nothing else.
    case keypoints

    /// The covered pixels: of outlines the sum of their areas, of what has no extent 0.
    public var area: Double {
        switch self {
        case .picture, .keypoints: 0
        case .box(let box): box.width * box.height
        case .rotatedBox(let box): box.width * box.height
        case .polygon(let outlines): outlines.reduce(0) { $0 + Self.area(of: $1) }
        case .mask(let mask): Double(mask.area)
        }
    }

    /// The area within an outline, by Gauss's formula.
    private static func area(of outline: [ImagePoint]) -> Double {
        guard let last = outline.last else { return 0 }
        var (twice, previous) = (0.0, last)
        for point in outline {
            twice += previous.x * point.y - point.x * previous.y
            previous = point
        }
        return abs(twice) / 2
    }
}
