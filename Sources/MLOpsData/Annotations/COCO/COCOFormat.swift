internal import Foundation
internal import MLOpsCore

/// COCO: one JSON file with boxes, outlines, masks and keypoints.
///
/// The file is `annotations/instances_default.json`. Classes have the ids 1, 2, … in their order; when read, their
/// order is that of their ids. A box with the attribute `rotation`, as CVAT writes a turned box, is read as a turned
/// box; written, a turned box becomes an outline, since other readers take such a box for an upright one. The sections
/// `info` and `licenses` are not read.
/// Source: <https://cocodataset.org/#format-data>; T.-Y. Lin et al., "Microsoft COCO", ECCV 2014.
public struct COCOFormat: AnnotationFormat, Hashable {
    /// Makes the format.
    public init() {}

    /// The name, for people.
    public var name: String { "COCO" }
    /// What the format can hold.
    public var features: Set<AnnotationFeature> {
        [
            .boxes, .polygons, .masks, .keypoints, .skeletons, .parts, .attributes, .imageAttributes, .scores, .crowds,
            .labelOrder, .labelDetails,
        ]
    }
    /// JSON.
    public var fileExtensions: Set<String> { ["json"] }

    /// The file of a set that uses no other than the format's features.
    public func encode(_ set: AnnotationSet) throws -> [AnnotationFile] {
        let ids = Dictionary(uniqueKeysWithValues: set.labels.enumerated().map { ($1, $0 + 1) })
        var names: [String: [String]] = [:]
        for annotation in set.images.lazy.flatMap(\.annotations) {
            guard let label = annotation.label, !annotation.keypoints.isEmpty else { continue }
            let known = Set(names[label, default: []])
            names[label, default: []] += annotation.keypoints.map(\.name).filter { !known.contains($0) }
        }
        for (label, names) in names where Set(names).count != names.count {
            throw MLOpsError(
                .invalidArgument, "A '\(label)' has two keypoints of one name: \(names).",
                help: "Give the keypoints of a class names that differ.")
        }
        var document = COCODocument(images: [], annotations: [], categories: [])
        document.categories = set.labels.enumerated().map { index, label in
            COCODocument.Category(
                id: .integer(Int64(index + 1)), name: label,
                supercategory: set.labelDetails[label]?["supercategory"] ?? "", keypoints: names[label],
                skeleton: set.labelDetails[label]?["skeleton"].map(Self.edges))
        }
        for (index, image) in set.images.enumerated() {
            let id = JSONScalar.integer(Int64(index + 1))
            document.images.append(.init(id: id, file: image.file, size: image.size, attributes: image.attributes))
            for annotation in image.annotations {
                let number = document.annotations.count + 1
                document.annotations.append(try mark(annotation, number, in: id, ids, names))
            }
        }
        return [AnnotationFile("annotations/instances_default.json", try CanonicalJSON.encode(document))]
    }

    private func mark(
        _ annotation: Annotation, _ number: Int, in image: JSONScalar, _ ids: [String: Int],
        _ names: [String: [String]]
    ) throws -> COCODocument.Mark {
        let label = annotation.label ?? ""
        var mark = COCODocument.Mark(
            id: .integer(Int64(number)), image_id: image, category_id: ids[label].map { .integer(Int64($0)) },
            area: annotation.shape.area, iscrowd: annotation.isCrowd ? 1 : 0, score: annotation.score)
        let box = annotation.bounds ?? BoundingBox(x: 0, y: 0, width: 0, height: 0)
        mark.bbox = [box.x, box.y, box.width, box.height]
        // Keypoints are judged relative to the area of the thing; that of their box is the best there is.
        if annotation.shape == .keypoints { mark.area = box.width * box.height }
        switch annotation.shape {
        case .polygon(let outlines): mark.segmentation = .outlines(outlines.map { $0.flatMap { [$0.x, $0.y] } })
        case .mask(let mask): mark.segmentation = .mask(size: [mask.height, mask.width], counts: mask.counts)
        default: mark.segmentation = .outlines([])
        }
        if !annotation.attributes.isEmpty { mark.attributes = annotation.attributes.mapValues { JSONScalar($0) } }
        if !annotation.keypoints.isEmpty {
            let points = Dictionary(annotation.keypoints.map { ($0.name, $0) }) { first, _ in first }
            mark.keypoints = (names[label] ?? []).flatMap { name -> [Double] in
                guard let point = points[name], point.visibility != .unmarked else { return [0, 0, 0] }
                return [point.position.x, point.position.y, Double(point.visibility.rawValue)]
            }
            mark.num_keypoints = annotation.keypoints.count { $0.visibility != .unmarked }
        }
        return mark
    }

    /// The edges of a skeleton, written one pair after the other.
    private static func edges(_ text: String) -> [[Int]] {
        let ends = text.split(separator: " ").compactMap { Int($0) }
        return stride(from: 0, to: ends.count - 1, by: 2).map { [ends[$0], ends[$0 + 1]] }
    }
}
