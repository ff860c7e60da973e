internal import Foundation
internal import MLOpsCore

extension CVATFormat {
    /// Reads a set from its one file.
    public func decode(_ files: [AnnotationFile], losses: inout AnnotationLosses) throws -> AnnotationSet {
        guard let file = files.first, files.count == 1 else {
            throw MLOpsError(
                .invalidArgument, "CVAT's format is one XML file, and there are \(files.count).",
                help: "Give annotations.xml.")
        }
        var reader = try MarkupReader(file.bytes, source: file.path)
        let root = try reader.root()
        guard root.name == "annotations" else { throw root.fault("is the root of \(file.path), not <annotations>") }
        var (labels, images): ([String]?, [AnnotatedImage]) = (nil, [])
        while let child = try reader.nextChild(of: root.name) {
            switch child.name {
            case "meta": labels = Self.labels(in: child) ?? labels
            case "image": images.append(try image(child, losses: &losses))
            case "track": losses.add(.otherShapes)
            default: break
            }
        }
        return try AnnotationSet(labels: labels, images: images)
    }

    /// The classes of a task, job or project; those of a skeleton's points are not among them.
    private static func labels(in meta: MarkupElement) -> [String]? {
        guard let list = meta.children.lazy.compactMap({ $0["labels"] }).first else { return nil }
        return list.all("label").filter { ($0.text(of: "parent") ?? "").isEmpty }.compactMap { $0["name"]?.text }
    }

    private func image(_ element: MarkupElement, losses: inout AnnotationLosses) throws -> AnnotatedImage {
        var image = AnnotatedImage(try element.attribute("name"), size: nil)
        if element.attributes["width"] != nil, element.attributes["height"] != nil {
            image.size = .init(width: try element.integer("width"), height: try element.integer("height"))
        }
        if !(element.attributes["subset"] ?? "").isEmpty { losses.add(.imageAttributes) }
        for child in element.children {
            guard let (shape, keypoints) = try shape(of: child, in: image) else {
                losses.add(.otherShapes)
                continue
            }
            var annotation = Annotation(try child.attribute("label"), shape, keypoints: keypoints)
            for (name, usual) in Self.shapeAttributes {
                if let value = child.attributes[name], value != usual { annotation.attributes[name] = value }
            }
            if child.attributes["occluded"] == "1" { annotation.attributes["occluded"] = "true" }
            for attribute in child.all("attribute") {
                annotation.attributes[try attribute.attribute("name")] = attribute.text
            }
            image.annotations.append(annotation)
        }
        return image
    }

    private func shape(
        of element: MarkupElement, in image: AnnotatedImage
    ) throws -> (AnnotationShape, [Keypoint])? {
        switch element.name {
        case "tag": return (.picture, [])
        case "box":
            let (left, top) = (try element.number("xtl"), try element.number("ytl"))
            let (width, height) = (try element.number("xbr") - left, try element.number("ybr") - top)
            guard width >= 0, height >= 0 else { throw element.fault("ends before it begins") }
            let box = BoundingBox(x: left, y: top, width: width, height: height)
            let degrees = try element.attributes["rotation"].map { try element.number($0, "rotation") } ?? 0
            return (degrees == 0 ? .box(box) : .rotatedBox(RotatedBox(box, degrees: degrees)), [])
        case "polygon":
            let points = try points(element)
            guard points.count >= 3 else { throw element.fault("has \(points.count) points") }
            return (.polygon([points]), [])
        case "points": return (.keypoints, Self.points(try points(element)))
        case "skeleton":
            let keypoints = try element.all("points").map { point in
                guard let position = try points(point).first else { throw point.fault("has no point") }
                let isOutside = point.attributes["outside"] == "1", isHidden = point.attributes["occluded"] == "1"
                return Keypoint(
                    try point.attribute("label"), at: position,
                    visibility: isOutside ? .unmarked : isHidden ? .hidden : .visible)
            }
            guard !keypoints.isEmpty else { throw element.fault("has no points") }
            return (.keypoints, keypoints)
        case "mask":
            guard let size = image.size else { throw element.fault("is in '\(image.file)', which has no size") }
            return (.mask(try Self.mask(element, in: size)), [])
        default: return nil
        }
    }

    private func points(_ element: MarkupElement) throws -> [ImagePoint] {
        try element.attribute("points").split(separator: ";").map { pair in
            let numbers = pair.split(separator: ",")
            guard numbers.count == 2 else { throw element.fault("has '\(pair.prefix(40))' as a point") }
            return ImagePoint(
                x: try element.number(String(numbers[0]), "x"), y: try element.number(String(numbers[1]), "y"))
        }
    }
}
