internal import MLOpsCore

/// What is marked in a picture, in its pixels; the pixel (0, 0) covers 0 ..< 1.
public struct ImageTargets: Sendable, Hashable {
    /// A rectangle.
    public struct Box: Sendable, Hashable {
        /// The left edge.
        public var x: Double
        /// The upper edge.
        public var y: Double
        /// How far it goes to the right.
        public var width: Double
        /// How far it goes down.
        public var height: Double
        /// What is in it.
        public var label: String

        /// Makes a rectangle.
        public init(x: Double, y: Double, width: Double, height: Double, label: String) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
            self.label = label
        }
    }

    /// A point; its number stays, even where it is out of sight.
    public struct Keypoint: Sendable, Hashable {
        /// Its place from the left.
        public var x: Double
        /// Its place from the top.
        public var y: Double
        /// Whether it is in the picture.
        public var isVisible: Bool

        /// Makes a point.
        public init(x: Double, y: Double, isVisible: Bool = true) {
            self.x = x
            self.y = y
            self.isVisible = isVisible
        }
    }

    /// The rectangles; one that is cut to less than ``minimumVisibility`` of its area is left out.
    public var boxes: [Box]
    /// The points.
    public var keypoints: [Keypoint]
    /// A class for each pixel [height, width]; empty when there is none.
    public var mask: [UInt8]
    /// The least share of a rectangle's area that must stay in the picture, 0…1.
    public var minimumVisibility: Double

    /// Makes targets.
    public init(
        boxes: [Box] = [], keypoints: [Keypoint] = [], mask: [UInt8] = [], minimumVisibility: Double = 0.2
    ) {
        self.boxes = boxes
        self.keypoints = keypoints
        self.mask = mask
        self.minimumVisibility = minimumVisibility
    }

    /// Throws `invalidArgument` when the mask is not of the picture's sizes.
    func check(for image: Image) throws {
        guard mask.isEmpty || mask.count == image.width * image.height else {
            throw MLOpsError(
                .invalidArgument,
                "A mask of \(mask.count) pixels does not fit a picture of \(image.width) × \(image.height).",
                help: "Give a class for each pixel.")
        }
    }

    /// The targets in a picture whose pixels come from where `map` says.
    func moved(
        by map: AffineMap, from source: (width: Int, height: Int), to target: (width: Int, height: Int)
    ) -> ImageTargets {
        var result = self
        if !mask.isEmpty {
            result.mask = (0..<target.width * target.height).map { i in
                let at = map(Double(i % target.width) + 0.5, Double(i / target.width) + 0.5)
                let x = min(max(at.x, 0), Double(source.width - 1))
                let y = min(max(at.y, 0), Double(source.height - 1))
                return mask[Int(y) * source.width + Int(x)]
            }
        }
        let (width, height) = (Double(target.width), Double(target.height))
        guard let forward = map.inverse else { return result }
        result.keypoints = keypoints.map { point in
            let at = forward(point.x, point.y)
            let isInside = at.x >= 0 && at.y >= 0 && at.x < width && at.y < height
            return Keypoint(x: at.x, y: at.y, isVisible: point.isVisible && isInside)
        }
        result.boxes = boxes.compactMap { box in
            let corners = [
                forward(box.x, box.y), forward(box.x + box.width, box.y), forward(box.x, box.y + box.height),
                forward(box.x + box.width, box.y + box.height),
            ]
            let (xs, ys) = (corners.map(\.x).sorted(), corners.map(\.y).sorted())
            let (left, right) = (max(0, xs[0]), min(width, xs[3]))
            let (top, bottom) = (max(0, ys[0]), min(height, ys[3]))
            let area = (xs[3] - xs[0]) * (ys[3] - ys[0])
            guard right > left, bottom > top, (right - left) * (bottom - top) >= minimumVisibility * area else {
                return nil
            }
            return Box(x: left, y: top, width: right - left, height: bottom - top, label: box.label)
        }
        return result
    }
}
