internal import Foundation
internal import MLOpsCore

/// Pascal VOC: an XML file for each picture, with upright boxes.
///
/// The files are `Annotations/NAME.xml`, by the picture's path without its ending, `labelmap.txt` with the classes in
/// their order, and `ImageSets/Main/default.txt`, which lists the pictures. Reading takes every XML file.
/// Source: M. Everingham, J. Winn, "The PASCAL Visual Object Classes Challenge 2012 Development Kit", 2012.
public struct PascalVOCFormat: AnnotationFormat, Hashable {
    /// What the numbers of a box mean; the files do not say.
    public enum Coordinates: String, Sendable, Hashable, Codable {
        /// The first and last pixel within, counted from 1, as the challenge has it: a box of one pixel has equal ends.
        case pixelsFromOne
        /// The edges, in pixels from the picture's corner, as CVAT, Datumaro and most other tools write them.
        case edges
    }

    /// What the numbers of a box mean.
    public var coordinates: Coordinates

    /// Makes the format.
    public init(coordinates: Coordinates = .pixelsFromOne) { self.coordinates = coordinates }

    /// The name, for people.
    public var name: String { "Pascal VOC" }
    /// What the format can hold.
    public var features: Set<AnnotationFeature> { [.boxes, .attributes, .labelOrder] }
    /// XML, and the text of the classes.
    public var fileExtensions: Set<String> { ["xml", "txt"] }

    private static let flags = ["truncated", "difficult", "occluded"]

    /// The files of a set that uses no other than the format's features.
    public func encode(_ set: AnnotationSet) throws -> [AnnotationFile] {
        var files: [AnnotationFile] = []
        var stems: Set<String> = []
        for image in set.images {
            let stem = AnnotationFile.stem(of: image.file)
            guard stems.insert(stem).inserted, !stem.contains(where: \.isNewline) else {
                throw MLOpsError(
                    .invalidArgument, "'\(image.file)' has no name of its own in Pascal VOC.",
                    help: "Give pictures names that differ before their ending and hold no line break.")
            }
            files.append(AnnotationFile("Annotations/\(stem).xml", try xml(of: image)))
        }
        for label in set.labels where label.contains(":") || label.contains(where: \.isNewline) || label.hasPrefix("#")
        {
            throw MLOpsError(
                .invalidArgument, "The class '\(label)' can't be written in a label map.",
                help: "Use names without ':' and line breaks that do not begin with '#'.")
        }
        let map = "# label:color_rgb:parts:actions\n" + set.labels.map { $0 + ":::\n" }.joined()
        files.append(AnnotationFile("labelmap.txt", Data(map.utf8)))
        let list = set.images.map { AnnotationFile.stem(of: $0.file) + "\n" }.joined()
        files.append(AnnotationFile("ImageSets/Main/default.txt", Data(list.utf8)))
        return files
    }

    private func xml(of image: AnnotatedImage) throws -> Data {
        var writer = MarkupWriter()
        try writer.open("annotation")
        try writer.element("folder", text: "")
        try writer.element("filename", text: image.file)
        if let size = image.size {
            try writer.open("size")
            try writer.element("width", text: String(size.width))
            try writer.element("height", text: String(size.height))
            try writer.element("depth", text: "3")
            writer.close()
        }
        try writer.element("segmented", text: "0")
        let offset = coordinates == .pixelsFromOne ? 1.0 : 0
        for annotation in image.annotations {
            guard case .box(let box) = annotation.shape else { continue }
            var attributes = annotation.attributes
            try writer.open("object")
            try writer.element("name", text: annotation.label ?? "")
            if let pose = attributes.removeValue(forKey: "pose") { try writer.element("pose", text: pose) }
            for flag in Self.flags where attributes[flag] == "true" {
                attributes[flag] = nil
                try writer.element(flag, text: "1")
            }
            try writer.open("bndbox")
            try writer.element("xmin", text: (box.x + offset).plainText)
            try writer.element("ymin", text: (box.y + offset).plainText)
            try writer.element("xmax", text: box.right.plainText)
            try writer.element("ymax", text: box.bottom.plainText)
            writer.close()
            if !attributes.isEmpty {
                try writer.open("attributes")
                for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                    try writer.open("attribute")
                    try writer.element("name", text: name)
                    try writer.element("value", text: value)
                    writer.close()
                }
                writer.close()
            }
            writer.close()
        }
        writer.close()
        return writer.data
    }

    /// Reads a set from its files.
    public func decode(_ files: [AnnotationFile], losses: inout AnnotationLosses) throws -> AnnotationSet {
        var images: [AnnotatedImage] = []
        var labels: [String]?
        for file in files {
            if file.path.hasSuffix("labelmap.txt") { labels = labelMap(file) }
            guard file.path.lowercased().hasSuffix(".xml") else { continue }
            images.append(try image(in: file, losses: &losses))
        }
        guard !images.isEmpty || labels != nil else {
            throw MLOpsError(
                .corruptData, "There is no Pascal VOC file among \(files.count) files.",
                help: "Give the folder that holds Annotations.")
        }
        let used = AnnotationSet.usedLabels(in: images)
        if var known = labels {
            let listed = Set(known)
            known += used.filter { !listed.contains($0) }
            labels = known
        }
        return try AnnotationSet(labels: labels, images: images)
    }

    private func labelMap(_ file: AnnotationFile) -> [String] {
        var (labels, seen) = ([String](), Set<String>())
        for line in String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard !line.hasPrefix("#"), let name = line.split(separator: ":").first.map(String.init) else { continue }
            if seen.insert(name).inserted { labels.append(name) }
        }
        return labels
    }

    private func image(in file: AnnotationFile, losses: inout AnnotationLosses) throws -> AnnotatedImage {
        var reader = try MarkupReader(file.bytes, source: file.path)
        let root = try reader.root()
        guard root.name == "annotation" else { throw root.fault("is the root of \(file.path), not <annotation>") }
        var image = AnnotatedImage("", size: nil)
        while let child = try reader.nextChild(of: root.name) {
            switch child.name {
            case "filename": image.file = child.trimmedText
            case "size":
                let width = child.text(of: "width").flatMap { Int($0) } ?? 0
                let height = child.text(of: "height").flatMap { Int($0) } ?? 0
                // Tools that do not know the size write 0.
                if width > 0, height > 0 { image.size = .init(width: width, height: height) }
            case "object": image.annotations.append(try annotation(child, losses: &losses))
            default: break
            }
        }
        if image.file.isEmpty { image.file = AnnotationFile.stem(of: file.path) }
        return image
    }

    private func annotation(_ object: MarkupElement, losses: inout AnnotationLosses) throws -> Annotation {
        guard let box = object["bndbox"] else { throw object.fault("has no <bndbox>") }
        func edge(_ name: String) throws -> Double {
            guard let text = box.text(of: name) else { throw box.fault("has no <\(name)>") }
            return try box.number(text, name)
        }
        let offset = coordinates == .pixelsFromOne ? 1.0 : 0
        let (left, top) = (try edge("xmin") - offset, try edge("ymin") - offset)
        let (width, height) = (try edge("xmax") - left, try edge("ymax") - top)
        guard width >= 0, height >= 0 else { throw box.fault("ends before it begins") }
        var attributes: [String: String] = [:]
        for flag in Self.flags where object.text(of: flag) == "1" { attributes[flag] = "true" }
        if let pose = object.text(of: "pose"), pose != "Unspecified" { attributes["pose"] = pose }
        for action in object["actions"]?.children ?? [] { attributes[action.name] = action.trimmedText }
        for attribute in object["attributes"]?.all("attribute") ?? [] {
            attributes[attribute.text(of: "name") ?? ""] = attribute["value"]?.text ?? ""
        }
        for _ in object.all("part") + object.all("polygon") { losses.add(.otherShapes) }
        return Annotation(
            object.text(of: "name"), .box(BoundingBox(x: left, y: top, width: width, height: height)),
            attributes: attributes)
    }
}

extension AnnotationFile {
    /// A picture's path without the ending of its name.
    static func stem(of path: String) -> String {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/"), dot != path.startIndex else {
            return path
        }
        return String(path[..<dot])
    }
}
