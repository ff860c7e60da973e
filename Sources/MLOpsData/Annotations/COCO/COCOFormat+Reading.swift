internal import Foundation
internal import MLOpsCore

extension COCOFormat {
    /// Reads a set from its one file.
    public func decode(_ files: [AnnotationFile], losses: inout AnnotationLosses) throws -> AnnotationSet {
        guard let file = files.first, files.count == 1 else {
            throw MLOpsError(
                .invalidArgument, "COCO is one JSON file, and there are \(files.count).",
                help: "Read the file of one split at a time.")
        }
        let document = try CanonicalJSON.decode(COCODocument.self, from: file.bytes, source: file.path)
        let categories = document.categories.sorted {
            guard case .integer(let a) = $0.id, case .integer(let b) = $1.id else { return false }
            return a < b
        }
        var (classes, details) = ([JSONScalar: COCODocument.Category](), [String: [String: String]]())
        for category in categories {
            guard classes.updateValue(category, forKey: category.id) == nil else {
                throw fault("Two categories have the id \(category.id.text ?? "null")", in: file)
            }
            if let group = category.supercategory, !group.isEmpty {
                details[category.name, default: [:]]["supercategory"] = group
            }
            if let edges = category.skeleton?.joined().map(String.init), !edges.isEmpty {
                details[category.name, default: [:]]["skeleton"] = edges.joined(separator: " ")
            }
        }
        var (images, places) = ([AnnotatedImage](), [JSONScalar: Int]())
        for picture in document.images {
            guard places.updateValue(images.count, forKey: picture.id) == nil else {
                throw fault("Two images have the id \(picture.id.text ?? "null")", in: file)
            }
            if picture.hasMore { losses.add(.imageAttributes) }
            var image = AnnotatedImage(picture.file, size: nil, attributes: picture.attributes)
            if let width = picture.width, let height = picture.height {
                image.size = .init(width: width, height: height)
            }
            images.append(image)
        }
        for mark in document.annotations {
            guard let place = places[mark.image_id] else {
                throw fault("An annotation is of the unknown image \(mark.image_id.text ?? "null")", in: file)
            }
            guard let category = mark.category_id else {
                // A caption, say.
                losses.add(.otherShapes)
                continue
            }
            guard let category = classes[category] else {
                throw fault("An annotation has the unknown category \(category.text ?? "null")", in: file)
            }
            do {
                images[place].annotations.append(
                    try annotation(mark, category, size: images[place].size, losses: &losses))
            } catch let error as MLOpsError {
                throw MLOpsError(
                    .corruptData, "Annotation \(mark.id.text ?? "null") in \(file.path): \(error.message)",
                    help: error.help)
            }
        }
        return try AnnotationSet(labels: categories.map(\.name), labelDetails: details, images: images)
    }

    private func annotation(
        _ mark: COCODocument.Mark, _ category: COCODocument.Category, size: AnnotatedImage.Size?,
        losses: inout AnnotationLosses
    ) throws -> Annotation {
        var result = Annotation(category.name, .picture, score: mark.score, isCrowd: mark.iscrowd == 1)
        for (name, value) in mark.attributes ?? [:] {
            result.attributes[name] = value.text
            if value == .compound { losses.add(.attributes) }
        }
        result.keypoints = try keypoints(mark.keypoints ?? [], names: category.keypoints ?? [])
        let box = try mark.bbox.map { numbers in
            guard numbers.count == 4, numbers[2] >= 0, numbers[3] >= 0 else {
                throw corrupt("its bbox is \(numbers.prefix(8)), not x, y, width, height")
            }
            return BoundingBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        }
        switch mark.segmentation {
        case .mask(let sides, let counts):
            guard sides.count == 2, size.map({ sides == [$0.height, $0.width] }) ?? true else {
                throw corrupt("its mask is of \(sides.prefix(4)) pixels, and the picture is not")
            }
            result.shape = .mask(try RunLengthMask(width: sides[1], height: sides[0], counts: counts))
        case .outlines(let outlines) where !outlines.isEmpty:
            result.shape = .polygon(
                try outlines.map { numbers in
                    guard numbers.count >= 6, numbers.count % 2 == 0 else {
                        throw corrupt("it has an outline of \(numbers.count) numbers")
                    }
                    return stride(from: 0, to: numbers.count, by: 2)
                        .map { ImagePoint(x: numbers[$0], y: numbers[$0 + 1]) }
                })
        default:
            guard let box else {
                if !result.keypoints.isEmpty { result.shape = .keypoints }
                break
            }
            result.shape = .box(box)
            if let degrees = result.attributes["rotation"].flatMap({ Double($0) }), degrees.isFinite {
                result.attributes["rotation"] = nil
                if degrees != 0 { result.shape = .rotatedBox(RotatedBox(box, degrees: degrees)) }
            } else if !result.keypoints.isEmpty {
                let points = Annotation(nil, .keypoints, keypoints: result.keypoints)
                if points.bounds == box { result.shape = .keypoints }
            }
        }
        return result
    }

    private func keypoints(_ numbers: [Double], names: [String]) throws -> [Keypoint] {
        guard numbers.count % 3 == 0, names.isEmpty || numbers.isEmpty || numbers.count / 3 == names.count else {
            throw corrupt("it has \(numbers.count) numbers for \(names.count) keypoints")
        }
        guard numbers.contains(where: { $0 != 0 }) else { return [] }
        return try stride(from: 0, to: numbers.count, by: 3).map { i in
            guard let visibility = Int(exactly: numbers[i + 2]).flatMap(Keypoint.Visibility.init) else {
                throw corrupt("a keypoint has the visibility \(numbers[i + 2])")
            }
            return Keypoint(
                names.isEmpty ? String(i / 3 + 1) : names[i / 3], at: ImagePoint(x: numbers[i], y: numbers[i + 1]),
                visibility: visibility)
        }
    }

    private func corrupt(_ what: String) -> MLOpsError {
        MLOpsError(.corruptData, "\(what).", help: "Correct it, or leave it out.")
    }

    private func fault(_ what: String, in file: AnnotationFile) -> MLOpsError {
        MLOpsError(.corruptData, "\(what) in \(file.path).", help: "Check that the file is complete.")
    }
}
