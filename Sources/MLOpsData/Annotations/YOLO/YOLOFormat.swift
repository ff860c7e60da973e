internal import Foundation
internal import MLOpsCore

/// YOLO: a text file for each picture, with a line for each thing, in parts of the picture's width and height.
///
/// The files are `labels/NAME.txt`, by the picture's path without its ending, and `data.yaml` and `classes.txt` with
/// the classes in their order. The files do not tell how large a picture is, nor the ending of its name: to read them,
/// give the ``images``, see ``AnnotatedImage/sizes(in:)``.
/// Source: <https://docs.ultralytics.com/datasets/detect/>, …/segment/ and …/obb/.
public struct YOLOFormat: AnnotationFormat, Hashable {
    /// What a line says of a thing after its class.
    public enum Task: String, Sendable, Hashable, Codable {
        /// The center and the size of an upright box, and perhaps a score, which is read only.
        case detection
        /// The points of an outline.
        case segmentation
        /// The four corners of a turned box.
        case orientedBoxes
    }

    /// What the lines say.
    public var task: Task
    /// The sizes of the pictures by their paths; needed to read.
    public var images: [String: AnnotatedImage.Size]

    /// Makes the format.
    public init(_ task: Task = .detection, images: [String: AnnotatedImage.Size] = [:]) {
        self.task = task
        self.images = images
    }

    /// The name, for people.
    public var name: String { "YOLO (\(task.rawValue))" }
    /// What the format can hold.
    public var features: Set<AnnotationFeature> {
        switch task {
        case .detection: [.boxes, .labelOrder]
        case .segmentation: [.polygons, .labelOrder]
        case .orientedBoxes: [.rotation, .labelOrder]
        }
    }
    /// The lines, and the classes.
    public var fileExtensions: Set<String> { ["txt", "yaml", "yml", "names"] }

    /// The files of a set that uses no other than the format's features.
    public func encode(_ set: AnnotationSet) throws -> [AnnotationFile] {
        for label in set.labels where label.isEmpty || label.contains(where: \.isNewline) {
            throw MLOpsError(
                .invalidArgument, "The class '\(label)' can't be written for YOLO.",
                help: "Use names without line breaks that are not empty.")
        }
        let names = set.labels.enumerated().map { "  \($0): \(YAMLNames.quoted($1))\n" }.joined()
        var files = [
            AnnotationFile("data.yaml", Data("path: .\ntrain: images\nval: images\nnames:\n\(names)".utf8)),
            AnnotationFile("classes.txt", Data(set.labels.map { $0 + "\n" }.joined().utf8)),
        ]
        let ids = Dictionary(uniqueKeysWithValues: set.labels.enumerated().map { ($1, $0) })
        var stems: Set<String> = []
        for image in set.images {
            let stem = AnnotationFile.stem(of: image.file)
            guard stems.insert(stem).inserted, let size = image.size else {
                throw MLOpsError(
                    .invalidArgument, "'\(image.file)' has no size, or no name of its own before its ending.",
                    help: "Give each picture its size, and a name that differs before its ending.")
            }
            var lines = ""
            for annotation in image.annotations {
                guard let id = annotation.label.flatMap({ ids[$0] }) else { continue }
                let numbers = numbers(of: annotation.shape, in: size)
                lines += ([String(id)] + numbers.map(\.plainText)).joined(separator: " ") + "\n"
            }
            files.append(AnnotationFile("labels/\(stem).txt", Data(lines.utf8)))
        }
        return files
    }

    private func numbers(of shape: AnnotationShape, in size: AnnotatedImage.Size) -> [Double] {
        let (width, height) = (Double(size.width), Double(size.height))
        switch shape {
        case .box(let box):
            return [
                (box.x + box.width / 2) / width, (box.y + box.height / 2) / height, box.width / width,
                box.height / height,
            ]
        case .rotatedBox(let box): return box.corners.flatMap { [$0.x / width, $0.y / height] }
        case .polygon(let outlines): return (outlines.first ?? []).flatMap { [$0.x / width, $0.y / height] }
        case .picture, .mask, .keypoints: return []
        }
    }
}
