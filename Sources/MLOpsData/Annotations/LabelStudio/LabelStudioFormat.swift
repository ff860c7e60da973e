internal import Foundation
internal import MLOpsCore

/// Label Studio's JSON: a list of tasks, each a picture with what every person and model said of it.
///
/// Places are percent of the picture's width and height. A box is turned about its top left corner, which ``RotatedBox``
/// turns about the center: the conversion is done in pixels, as a turn in percent would shear. A label of a whole
/// picture is a choice; an attribute is a text of its region, named as the tag that it comes from. What a model said
/// (an annotation with a score) is a prediction, and its annotator the model's version. Brushes, ellipses and videos
/// are no shapes here: see ``AnnotationFeature/otherShapes``.
/// Source: <https://labelstud.io/guide/export>, <https://labelstud.io/tags/rectanglelabels>.
public struct LabelStudioFormat: AnnotationFormat, Hashable {
    /// The name of the picture in the data of a task.
    public var imageKey: String

    /// Makes the format.
    public init(imageKey: String = "image") { self.imageKey = imageKey }

    /// The name, for people.
    public var name: String { "Label Studio" }
    /// What the format can hold.
    public var features: Set<AnnotationFeature> {
        [
            .boxes, .rotation, .polygons, .keypoints, .imageLabels, .unlabeled, .attributes, .imageAttributes,
            .annotators, .scores,
        ]
    }
    /// JSON.
    public var fileExtensions: Set<String> { ["json"] }

    /// The file of a set that uses no other than the format's features.
    public func encode(_ set: AnnotationSet) throws -> [AnnotationFile] {
        let tasks = try set.images.enumerated().map { index, image in try task(image, id: index + 1) }
        return [AnnotationFile("tasks.json", try CanonicalJSON.encode(tasks))]
    }

    private func task(_ image: AnnotatedImage, id: Int) throws -> LabelStudioDocument.Task {
        var task = LabelStudioDocument.Task(id: id, data: image.attributes.mapValues { .text($0) })
        task.data[imageKey] = .text(image.file)
        if let size = image.size, image.annotations.isEmpty {
            // No region tells the sizes.
            task.data["width"] = .integer(Int64(size.width))
            task.data["height"] = .integer(Int64(size.height))
        }
        var (annotations, predictions): ([LabelStudioDocument.Result], [LabelStudioDocument.Result]) = ([], [])
        var places: [String?: Int] = [:]
        for (index, annotation) in image.annotations.enumerated() {
            let regions = try regions(annotation, of: image, id: "\(id)-\(index + 1)")
            if let score = annotation.score {
                predictions.append(
                    .init(result: regions, model_version: annotation.annotator.map { .text($0) }, score: score))
            } else if let place = places[annotation.annotator] {
                annotations[place].result += regions
            } else {
                places[annotation.annotator] = annotations.count
                annotations.append(
                    .init(result: regions, completed_by: annotation.annotator.map { LabelStudioDocument.Person($0) }))
            }
        }
        (task.annotations, task.predictions) = (annotations, predictions)
        return task
    }

    private func regions(
        _ annotation: Annotation, of image: AnnotatedImage, id: String
    ) throws -> [LabelStudioDocument.Region] {
        guard image.size != nil || annotation.shape == .picture else {
            throw MLOpsError(
                .invalidArgument, "'\(image.file)' has no size, and Label Studio's units are percent.",
                help: "Give each picture its size.")
        }
        let (across, down) = (100 / Double(image.size?.width ?? 1), 100 / Double(image.size?.height ?? 1))
        let labels = annotation.label.map { [$0] }
        var value = LabelStudioDocument.Value()
        var region = LabelStudioDocument.Region(
            id: id, from_name: "label", to_name: "image", original_width: image.size?.width,
            original_height: image.size?.height, image_rotation: 0, score: annotation.score)
        func place(_ corner: ImagePoint, width: Double, height: Double, degrees: Double) {
            (value.x, value.y) = (corner.x * across, corner.y * down)
            (value.width, value.height, value.rotation) = (width * across, height * down, degrees)
        }
        switch annotation.shape {
        case .picture:
            region.type = "choices"
            region.from_name = "choice"
            value.choices = labels ?? []
        case .box(let box):
            region.type = labels == nil ? "rectangle" : "rectanglelabels"
            place(box.corners[0], width: box.width, height: box.height, degrees: 0)
            value.rectanglelabels = labels
        case .rotatedBox(let box):
            region.type = labels == nil ? "rectangle" : "rectanglelabels"
            place(box.corners[0], width: box.width, height: box.height, degrees: box.degrees)
            value.rectanglelabels = labels
        case .polygon(let outlines):
            region.type = labels == nil ? "polygon" : "polygonlabels"
            value.points = outlines.first?.map { [$0.x * across, $0.y * down] }
            value.closed = true
            value.polygonlabels = labels
        case .keypoints:
            let point = annotation.keypoints.first?.position ?? ImagePoint(x: 0, y: 0)
            region.type = labels == nil ? "keypoint" : "keypointlabels"
            (value.x, value.y, value.width) = (point.x * across, point.y * down, 0.5)
            value.keypointlabels = labels
        case .mask: break
        }
        region.value = value
        return [region]
            + annotation.attributes.sorted { $0.key < $1.key }.map { name, text in
                var (more, about) = (region, value)
                (about.rectanglelabels, about.polygonlabels, about.keypointlabels, about.choices) = (nil, nil, nil, nil)
                about.text = .all([text])
                (more.type, more.from_name, more.value) = ("textarea", name, about)
                return more
            }
    }
}
