internal import Foundation
internal import MLOpsCore

extension LabelStudioFormat {
    /// Reads a set from its one file.
    public func decode(_ files: [AnnotationFile], losses: inout AnnotationLosses) throws -> AnnotationSet {
        guard let file = files.first, files.count == 1 else {
            throw MLOpsError(
                .invalidArgument, "An export of Label Studio is one JSON file, and there are \(files.count).",
                help: "Give the file.")
        }
        let tasks = try CanonicalJSON.decode([LabelStudioDocument.Task].self, from: file.bytes, source: file.path)
        return try AnnotationSet(images: tasks.map { try image($0, in: file, losses: &losses) })
    }

    private func image(
        _ task: LabelStudioDocument.Task, in file: AnnotationFile, losses: inout AnnotationLosses
    ) throws -> AnnotatedImage {
        guard let path = task.data[imageKey]?.text else {
            throw MLOpsError(
                .corruptData, "Task \(task.id.map(String.init) ?? "") in \(file.path) has no '\(imageKey)'.",
                help: "Its data has \(task.data.keys.sorted().prefix(20)); name the picture's with imageKey.")
        }
        var image = AnnotatedImage(path, size: nil)
        let answers = (task.annotations ?? []).filter { $0.was_cancelled != true }
        for answer in answers {
            image.annotations += try annotations(
                answer, by: answer.completed_by?.text, isPrediction: false, size: &image.size, losses: &losses)
        }
        for prediction in task.predictions ?? [] {
            image.annotations += try annotations(
                prediction, by: prediction.model_version?.text, isPrediction: true, size: &image.size, losses: &losses)
        }
        var data = task.data
        data[imageKey] = nil
        if case .integer(let width) = data["width"], case .integer(let height) = data["height"], image.size == nil,
            let width = Int(exactly: width), let height = Int(exactly: height)
        {
            image.size = .init(width: width, height: height)
            (data["width"], data["height"]) = (nil, nil)
        }
        for (name, value) in data {
            image.attributes[name] = value.text
            if value == .compound { losses.add(.imageAttributes) }
        }
        return image
    }

    private func annotations(
        _ answer: LabelStudioDocument.Result, by annotator: String?, isPrediction: Bool,
        size: inout AnnotatedImage.Size?, losses: inout AnnotationLosses
    ) throws -> [Annotation] {
        var result: [Annotation] = []
        var places: [String: Int] = [:]
        for region in answer.result {
            if let width = region.original_width, let height = region.original_height {
                let found = AnnotatedImage.Size(width: width, height: height)
                guard size == nil || size == found, width > 0, height > 0 else {
                    throw fault(region, "is in a picture of \(width) × \(height), and another in one of another size")
                }
                size = found
            }
            guard (region.image_rotation ?? 0) == 0 else {
                throw MLOpsError(
                    .unsupported, "Region '\(region.id ?? "")' is in a picture that was turned while it was annotated.",
                    help: "Turn the picture's file, and annotate that.")
            }
            guard let value = region.value else {
                losses.add(.otherShapes)
                continue
            }
            // Texts and choices about a region share its id, and come after it.
            if let place = region.id.flatMap({ places[$0] }), value.text != nil || value.choices != nil {
                var texts = value.choices ?? []
                if case .all(let all) = value.text { texts = all }
                let name = region.from_name ?? region.type ?? "text"
                if texts.count > 1 || result[place].attributes[name] != nil { losses.add(.attributes) }
                result[place].attributes[name] = texts.first ?? ""
                continue
            }
            guard let (shape, keypoints, labels) = try shape(of: region, value, size: size) else {
                losses.add(.otherShapes)
                continue
            }
            let score = isPrediction ? region.score ?? answer.score : nil
            if isPrediction, score == nil { losses.add(.scores) }
            // A region can have several labels, and is then several things in one place.
            for label in labels.isEmpty ? [nil] : labels.map(Optional.some) {
                if let id = region.id { places[id] = result.count }
                result.append(
                    Annotation(
                        label, shape, keypoints: keypoints, annotator: annotator, score: score))
            }
        }
        return result
    }

    private func shape(
        of region: LabelStudioDocument.Region, _ value: LabelStudioDocument.Value, size: AnnotatedImage.Size?
    ) throws -> (AnnotationShape, [Keypoint], labels: [String])? {
        if region.type == "choices" { return (.picture, [], value.choices ?? []) }
        guard ["rectangle", "polygon", "keypoint"].contains(where: { region.type?.hasPrefix($0) ?? false }) else {
            return nil
        }
        guard let size else { throw fault(region, "has no original_width and original_height") }
        let (across, down) = (Double(size.width) / 100, Double(size.height) / 100)
        if region.type?.hasPrefix("polygon") ?? false {
            guard let points = value.points, points.count >= 3, points.allSatisfy({ $0.count == 2 }) else {
                throw fault(region, "has no outline of three points or more")
            }
            let outline = points.map { ImagePoint(x: $0[0] * across, y: $0[1] * down) }
            return (.polygon([outline]), [], value.polygonlabels ?? [])
        }
        guard let x = value.x, let y = value.y else { throw fault(region, "has no place") }
        let corner = ImagePoint(x: x * across, y: y * down)
        if region.type?.hasPrefix("keypoint") ?? false {
            return (.keypoints, [Keypoint("", at: corner)], value.keypointlabels ?? [])
        }
        guard let width = value.width, let height = value.height, width >= 0, height >= 0 else {
            throw fault(region, "has no size")
        }
        let degrees = value.rotation ?? 0
        let shape: AnnotationShape =
            degrees == 0
            ? .box(BoundingBox(x: corner.x, y: corner.y, width: width * across, height: height * down))
            : .rotatedBox(
                RotatedBox(corner: corner, width: width * across, height: height * down, degrees: degrees))
        return (shape, [], value.rectanglelabels ?? [])
    }

    private func fault(_ region: LabelStudioDocument.Region, _ what: String) -> MLOpsError {
        MLOpsError(
            .corruptData, "Region '\(region.id ?? "")' of type '\(region.type ?? "")' \(what).",
            help: "Check the file, and that it is Label Studio's JSON, not its JSON-MIN.")
    }
}
