internal import MLOpsCore

/// Pictures and what is marked in them: what every annotation format is read to and written from.
///
/// Its own JSON (``CanonicalJSON``) loses nothing; formats of others may, see ``AnnotationFormat``.
public struct AnnotationSet: Sendable, Hashable, Codable {
    /// The farthest that a coordinate may be from the picture's corner, in pixels.
    public static let maxCoordinate = 1e9

    /// The classes in their order; the index of a class is its place here.
    public let labels: [String]
    /// What is said of a class beside its name, such as its `supercategory`.
    public let labelDetails: [String: [String: String]]
    /// The pictures.
    public let images: [AnnotatedImage]

    /// Makes a set of pictures.
    ///
    /// - Parameter labels: the classes in their order; `nil` takes those in use, in the order of their UTF-8 bytes.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for two pictures with one name, a class that is not among
    ///   `labels` or is there twice, a coordinate beyond ``maxCoordinate`` or that is
    ///   no number, or a box of negative width or height.
    public init(
        labels: [String]? = nil, labelDetails: [String: [String: String]] = [:], images: [AnnotatedImage]
    ) throws {
        self.labels = labels ?? Self.usedLabels(in: images)
        self.labelDetails = labelDetails.filter { !$0.value.isEmpty }
        self.images = images
        let known = Set(self.labels)
        guard known.count == self.labels.count else {
            throw MLOpsError(
                .invalidArgument, "A class is listed twice in \(self.labels).", help: "List each class once.")
        }
        var files: Set<String> = []
        for image in images {
            guard files.insert(image.file).inserted else {
                throw MLOpsError(
                    .invalidArgument, "Two pictures are named '\(image.file)'.", help: "Give each a name of its own.")
            }
            if let size = image.size, size.width < 1 || size.height < 1 {
                throw MLOpsError(
                    .invalidArgument, "'\(image.file)' has the size \(size.width) × \(size.height).",
                    help: "Give sizes of at least 1, or nil when they are not known.")
            }
            for annotation in image.annotations {
                if let label = annotation.label, !known.contains(label) {
                    throw MLOpsError(
                        .invalidArgument, "'\(image.file)' has a '\(label)', which is none of the classes.",
                        help: "The classes are \(self.labels.prefix(50)); add it, or correct the annotation.")
                }
                if let fault = annotation.fault {
                    throw MLOpsError(
                        .invalidArgument, "'\(image.file)' has an annotation with \(fault).",
                        help: "Give numbers up to \(Self.maxCoordinate), and sizes that are not negative.")
                }
            }
        }
    }

    /// The classes that are in use, in the order of their UTF-8 bytes.
    static func usedLabels(in images: [AnnotatedImage]) -> [String] {
        Set(images.lazy.flatMap(\.annotations).compactMap(\.label))
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The index of a label in ``labels``; `nil` for an unknown one.
    public func index(of label: String) -> Int? { labels.firstIndex(of: label) }

    /// The same set with other names for the pictures, such as their paths in another folder.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when two pictures get one name.
    public func renamingFiles(_ name: (String) -> String) throws -> AnnotationSet {
        try AnnotationSet(
            labels: labels, labelDetails: labelDetails,
            images: images.map {
                AnnotatedImage(name($0.file), size: $0.size, annotations: $0.annotations, attributes: $0.attributes)
            })
    }

    private enum CodingKeys: String, CodingKey { case labels, labelDetails, images }

    /// Reads a set, with the checks of ``init(labels:labelDetails:images:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            labels: container.decode([String].self, forKey: .labels),
            labelDetails: container.decode([String: [String: String]].self, forKey: .labelDetails),
            images: container.decode([AnnotatedImage].self, forKey: .images))
    }
}

extension Annotation {
    /// What no annotation may have; `nil` when all is well.
    fileprivate var fault: String? {
        // So that no area and no percentage of it overflows.
        let limit = AnnotationSet.maxCoordinate
        func isPlace(_ points: some Sequence<ImagePoint>) -> Bool {
            points.allSatisfy { abs($0.x) <= limit && abs($0.y) <= limit }
        }
        func fault(width: Double, height: Double) -> String? {
            width >= 0 && height >= 0 && width <= limit && height <= limit ? nil : "the size \(width) × \(height)"
        }
        if !isPlace(keypoints.lazy.map(\.position)) || score?.isFinite == false {
            return "a keypoint at no possible place, or a score that is no number"
        }
        switch shape {
        case .picture, .mask: return nil
        case .keypoints: return keypoints.isEmpty ? "no keypoints" : nil
        case .box(let box):
            return isPlace([ImagePoint(x: box.x, y: box.y)])
                ? fault(width: box.width, height: box.height) : "a box at no possible place"
        case .rotatedBox(let box):
            return isPlace([box.center]) && abs(box.degrees) <= limit
                ? fault(width: box.width, height: box.height) : "a box at no possible place"
        case .polygon(let outlines):
            if !isPlace(outlines.joined()) { return "a point at no possible place" }
            return outlines.isEmpty || outlines.contains { $0.count < 3 } ? "an outline of less than 3 points" : nil
        }
    }
}
