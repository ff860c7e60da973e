internal import Foundation
internal import MLOpsCore

/// CVAT for images 1.1: one XML file with boxes, turned boxes, outlines, masks, points, skeletons and tags.
///
/// The file is `annotations.xml`. A turned box is written as the box before turning about its center, with a rotation
/// clockwise. The attributes `occluded`, `source`, `z_order` and `group_id` of an ``Annotation`` are those of the shape.
/// Tracks of videos, polylines, ellipses and cuboids are no shapes here: see ``AnnotationFeature/otherShapes``.
/// Source: <https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/>.
public struct CVATFormat: AnnotationFormat, Hashable {
    /// Makes the format.
    public init() {}

    /// The name, for people.
    public var name: String { "CVAT for images 1.1" }
    /// What the format can hold.
    public var features: Set<AnnotationFeature> {
        [.boxes, .rotation, .polygons, .masks, .keypoints, .skeletons, .imageLabels, .attributes, .labelOrder]
    }
    /// XML.
    public var fileExtensions: Set<String> { ["xml"] }

    /// What an attribute of a shape is called here and there, and the value that need not be written.
    static let shapeAttributes = [
        (name: "source", usual: "manual"), (name: "z_order", usual: "0"), (name: "group_id", usual: "0"),
    ]

    /// The file of a set that uses no other than the format's features.
    public func encode(_ set: AnnotationSet) throws -> [AnnotationFile] {
        var writer = MarkupWriter()
        try writer.open("annotations")
        try writer.element("version", text: "1.1")
        try writer.open("meta")
        try writer.open("task")
        try writer.element("size", text: String(set.images.count))
        try writer.element("mode", text: "annotation")
        try writer.open("labels")
        for label in set.labels { try write(label, of: set, to: &writer) }
        for _ in 0..<3 { writer.close() }
        for (id, image) in set.images.enumerated() {
            var attributes = [("id", String(id)), ("name", image.file)]
            if let size = image.size {
                attributes += [("width", String(size.width)), ("height", String(size.height))]
            }
            try writer.open("image", attributes)
            for annotation in image.annotations { try write(annotation, to: &writer) }
            writer.close()
        }
        writer.close()
        return [AnnotationFile("annotations.xml", writer.data)]
    }

    /// A class, with the names of the attributes and of the points that are used with it.
    private func write(_ label: String, of set: AnnotationSet, to writer: inout MarkupWriter) throws {
        var (names, points): (Set<String>, Set<String>) = ([], [])
        for annotation in set.images.lazy.flatMap(\.annotations) where annotation.label == label {
            names.formUnion(annotation.attributes.keys)
            if Self.isSkeleton(annotation) { points.formUnion(annotation.keypoints.map(\.name)) }
        }
        names.subtract(Self.shapeAttributes.map(\.name) + ["occluded"])
        try writer.open("label")
        try writer.element("name", text: label)
        try writer.element("type", text: points.isEmpty ? "any" : "skeleton")
        try writer.open("attributes")
        for name in names.sorted() {
            try writer.open("attribute")
            try writer.element("name", text: name)
            try writer.element("mutable", text: "False")
            try writer.element("input_type", text: "text")
            try writer.element("default_value", text: "")
            try writer.element("values", text: "")
            writer.close()
        }
        writer.close()
        writer.close()
        for point in points.sorted() {
            try writer.open("label")
            try writer.element("name", text: point)
            try writer.element("type", text: "points")
            try writer.element("attributes", text: "")
            try writer.element("parent", text: label)
            writer.close()
        }
    }

    /// Whether keypoints are written as a skeleton: those of ``points(_:)`` need none.
    static func isSkeleton(_ annotation: Annotation) -> Bool {
        !annotation.keypoints.isEmpty && annotation.keypoints != points(annotation.keypoints.map(\.position))
    }

    /// Points without names, as keypoints.
    static func points(_ positions: [ImagePoint]) -> [Keypoint] {
        positions.count == 1
            ? [Keypoint("", at: positions[0])]
            : positions.enumerated().map { Keypoint(String($0 + 1), at: $1) }
    }

    private func write(_ annotation: Annotation, to writer: inout MarkupWriter) throws {
        var rest = annotation.attributes
        var attributes = [("label", annotation.label ?? "")]
        for (name, usual) in Self.shapeAttributes { attributes.append((name, rest.removeValue(forKey: name) ?? usual)) }
        if annotation.shape != .picture {
            attributes.append(("occluded", rest["occluded"] == "true" ? "1" : "0"))
            if rest["occluded"] == "true" { rest["occluded"] = nil }
        }
        func edges(_ box: BoundingBox) -> [(String, String)] {
            [
                ("xtl", box.x.plainText), ("ytl", box.y.plainText), ("xbr", box.right.plainText),
                ("ybr", box.bottom.plainText),
            ]
        }
        func list(_ points: [ImagePoint]) -> String {
            points.map { "\($0.x.plainText),\($0.y.plainText)" }.joined(separator: ";")
        }
        switch annotation.shape {
        case .picture: try writer.open("tag", attributes)
        case .box(let box): try writer.open("box", attributes + edges(box))
        case .rotatedBox(let box):
            try writer.open("box", attributes + edges(box.upright) + [("rotation", box.degrees.plainText)])
        case .polygon(let outlines):
            try writer.open("polygon", attributes + [("points", list(outlines.first ?? []))])
        case .mask(let mask): try writer.open("mask", attributes + Self.attributes(of: mask))
        case .keypoints where Self.isSkeleton(annotation):
            try writer.open("skeleton", attributes)
            for point in annotation.keypoints {
                try writer.element(
                    "points",
                    [
                        ("label", point.name), ("outside", point.visibility == .unmarked ? "1" : "0"),
                        ("occluded", point.visibility == .hidden ? "1" : "0"), ("points", list([point.position])),
                    ])
            }
        case .keypoints:
            try writer.open("points", attributes + [("points", list(annotation.keypoints.map(\.position)))])
        }
        for (name, value) in rest.sorted(by: { $0.key < $1.key }) {
            try writer.element("attribute", [("name", name)], text: value)
        }
        writer.close()
    }
}
