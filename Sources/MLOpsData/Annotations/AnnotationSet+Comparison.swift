extension AnnotationSet {
    /// Whether both say the same, with coordinates that differ by no more than a tolerance, in pixels.
    ///
    /// Pictures, and the annotations of a picture, may come in any order.
    public func isNearlyEqual(to other: AnnotationSet, tolerance: Double = 1e-6) -> Bool {
        guard labels == other.labels, labelDetails == other.labelDetails, images.count == other.images.count else {
            return false
        }
        let others = Dictionary(other.images.map { ($0.file, $0) }) { first, _ in first }
        return images.allSatisfy { image in
            guard let twin = others[image.file], twin.size == image.size, twin.attributes == image.attributes,
                twin.annotations.count == image.annotations.count
            else { return false }
            var left = twin.annotations
            return image.annotations.allSatisfy { annotation in
                guard let place = left.firstIndex(where: { $0.isNearlyEqual(to: annotation, tolerance) }) else {
                    return false
                }
                left.remove(at: place)
                return true
            }
        }
    }
}

extension Annotation {
    fileprivate func isNearlyEqual(to other: Annotation, _ tolerance: Double) -> Bool {
        var plain = other
        (plain.shape, plain.keypoints) = (shape, keypoints)
        guard self == plain, keypoints.count == other.keypoints.count else { return false }
        let samePoints = zip(keypoints, other.keypoints).allSatisfy {
            $0.name == $1.name && $0.visibility == $1.visibility
                && [$0.position].isNear([$1.position], tolerance)
        }
        return samePoints && shape.isNearlyEqual(to: other.shape, tolerance)
    }
}

extension AnnotationShape {
    fileprivate func isNearlyEqual(to other: AnnotationShape, _ tolerance: Double) -> Bool {
        switch (self, other) {
        case (.box(let a), .box(let b)): a.corners.isNear(b.corners, tolerance)
        case (.rotatedBox(let a), .rotatedBox(let b)): a.corners.isNear(b.corners, tolerance)
        case (.polygon(let a), .polygon(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.isNear($1, tolerance) }
        default: self == other
        }
    }
}

extension [ImagePoint] {
    fileprivate func isNear(_ other: [ImagePoint], _ tolerance: Double) -> Bool {
        count == other.count
            && zip(self, other).allSatisfy { abs($0.x - $1.x) <= tolerance && abs($0.y - $1.y) <= tolerance }
    }
}
