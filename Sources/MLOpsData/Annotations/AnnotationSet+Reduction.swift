extension AnnotationSet {
    /// The set with nothing beyond the given features; what that costs is added to `losses`.
    func reduced(to features: Set<AnnotationFeature>, losses: inout AnnotationLosses) throws -> AnnotationSet {
        var reducer = AnnotationReducer(features: features, losses: losses)
        let images = images.map { image in
            var reduced = image
            reduced.annotations = image.annotations.flatMap { reducer.reduced($0) }
            if !image.attributes.isEmpty, reducer.loses(.imageAttributes) { reduced.attributes = [:] }
            return reduced
        }
        var labels: [String]? = labels
        if Self.usedLabels(in: images) != self.labels, reducer.loses(.labelOrder) { labels = nil }
        let keepsDetails = labelDetails.isEmpty || !reducer.loses(.labelDetails)
        losses = reducer.losses
        return try AnnotationSet(labels: labels, labelDetails: keepsDetails ? labelDetails : [:], images: images)
    }
}

/// Turns annotations into the nearest ones that a format can hold.
struct AnnotationReducer {
    let features: Set<AnnotationFeature>
    var losses: AnnotationLosses

    /// Whether a feature that is there gets lost; if so, it is counted.
    mutating func loses(_ feature: AnnotationFeature) -> Bool {
        if features.contains(feature) { return false }
        losses.add(feature)
        return true
    }

    mutating func reduced(_ annotation: Annotation) -> [Annotation] {
        var result = annotation
        if result.label == nil, loses(.unlabeled) { return [] }
        if result.score != nil, loses(.scores) { result.score = nil }
        if result.annotator != nil, loses(.annotators) { result.annotator = nil }
        if !result.attributes.isEmpty, loses(.attributes) { result.attributes = [:] }
        if result.isCrowd, loses(.crowds) { result.isCrowd = false }
        guard !result.keypoints.isEmpty else { return reducedShape(result) }
        if loses(.keypoints) {
            result.keypoints = []
            return result.shape == .keypoints ? [] : reducedShape(result)
        }
        if result.shape != .keypoints {
            guard loses(.parts) else { return reducedShape(result) }
            var (shape, points) = (result, result)
            shape.keypoints = []
            points.shape = .keypoints
            return reducedShape(shape) + reducedKeypoints(points)
        }
        return reducedKeypoints(result)
    }

    private mutating func reducedKeypoints(_ annotation: Annotation) -> [Annotation] {
        let points = annotation.keypoints
        if points.count == 1, points[0].name.isEmpty, points[0].visibility == .visible { return [annotation] }
        guard loses(.skeletons) else { return [annotation] }
        return points.filter { $0.visibility != .unmarked }.map { point in
            var single = annotation
            single.keypoints = [Keypoint("", at: point.position)]
            return single
        }
    }

    private mutating func reducedShape(_ annotation: Annotation) -> [Annotation] {
        func with(_ shapes: [AnnotationShape]) -> [Annotation] {
            shapes.map { shape in
                var result = annotation
                result.shape = shape
                return result
            }
        }
        switch annotation.shape {
        case .picture: return loses(.imageLabels) ? [] : [annotation]
        case .box(let box): return with([nearest(to: box)])
        case .rotatedBox(let box):
            guard loses(.rotation) else { return [annotation] }
            if features.contains(.polygons) { return with([.polygon([box.corners])]) }
            return with(annotation.bounds.map { [nearest(to: $0)] } ?? [])
        case .polygon(let outlines):
            if loses(.polygons) { return with(annotation.bounds.map { [nearest(to: $0)] } ?? []) }
            if outlines.count > 1, loses(.parts) { return with(outlines.map { .polygon([$0]) }) }
            return [annotation]
        case .mask:
            guard loses(.masks) else { return [annotation] }
            return with(annotation.bounds.map { [nearest(to: $0)] } ?? [])
        case .keypoints: return []
        }
    }

    /// An upright box, or what comes nearest to it in a format without those.
    private mutating func nearest(to box: BoundingBox) -> AnnotationShape {
        guard loses(.boxes) else { return .box(box) }
        return features.contains(.rotation) ? .rotatedBox(RotatedBox(box, degrees: 0)) : .polygon([box.corners])
    }
}
