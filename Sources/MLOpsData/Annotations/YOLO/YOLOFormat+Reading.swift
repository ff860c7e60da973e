internal import Foundation
internal import MLOpsCore

extension YOLOFormat {
    /// Reads a set from its files; a picture without a file has nothing in it.
    public func decode(_ files: [AnnotationFile], losses: inout AnnotationLosses) throws -> AnnotationSet {
        let labels = try labels(in: files)
        let paths = images.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var result = paths.map { AnnotatedImage($0, size: images[$0]) }
        var places: [String: Int] = [:]
        for (i, path) in paths.enumerated() {
            guard places.updateValue(i, forKey: AnnotationFile.stem(of: path)) == nil else {
                throw MLOpsError(
                    .invalidArgument, "Two pictures are named '\(AnnotationFile.stem(of: path))' before their ending.",
                    help: "YOLO can't tell them apart; rename one.")
            }
        }
        for file in files where file.path.hasSuffix(".txt") && !Self.isList(file.path) {
            var stem = Substring(AnnotationFile.stem(of: file.path))
            if let range = stem.range(of: "labels/", options: .anchored) { stem = stem[range.upperBound...] }
            guard let place = places[String(stem)], let size = result[place].size else {
                throw MLOpsError(
                    .notFound, "There is no picture for \(file.path).",
                    help: "Give the sizes of all pictures, by their paths below the folder of pictures.")
            }
            for (number, line) in String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                .enumerated()
            {
                let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
                if words.isEmpty { continue }
                guard let annotation = annotation(words, labels: labels, in: size) else {
                    throw MLOpsError(
                        .corruptData, "Line \(number + 1) of \(file.path) is no \(name) line: '\(line.prefix(80))'.",
                        help: "Check the task, and that there are as many classes as the lines speak of "
                            + "(\(labels.count)).")
                }
                result[place].annotations.append(annotation)
            }
        }
        return try AnnotationSet(labels: labels, images: result)
    }

    /// Whether a text file lists classes or pictures.
    private static func isList(_ path: String) -> Bool {
        ["classes.txt", "train.txt", "val.txt", "test.txt", "valid.txt"].contains(path)
    }

    private func labels(in files: [AnnotationFile]) throws -> [String] {
        if let file = files.first(where: { $0.path == "classes.txt" || $0.path.hasSuffix(".names") }) {
            return String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        }
        guard let file = files.first(where: { $0.path.hasSuffix("yaml") || $0.path.hasSuffix("yml") }) else {
            throw MLOpsError(
                .notFound, "No file lists the classes.",
                help: "Add data.yaml with names, classes.txt or a file that ends in .names.")
        }
        return try YAMLNames.names(in: String(decoding: file.bytes, as: UTF8.self), source: file.path)
    }

    private func annotation(
        _ words: [Substring], labels: [String], in size: AnnotatedImage.Size
    ) -> Annotation? {
        guard let id = Int(words[0]), labels.indices.contains(id) else { return nil }
        let numbers = words.dropFirst().compactMap { Double($0) }.filter(\.isFinite)
        guard numbers.count == words.count - 1 else { return nil }
        let (width, height) = (Double(size.width), Double(size.height))
        switch task {
        case .detection:
            guard numbers.count == 4 || numbers.count == 5, numbers[2] >= 0, numbers[3] >= 0 else { return nil }
            let box = BoundingBox(
                x: (numbers[0] - numbers[2] / 2) * width, y: (numbers[1] - numbers[3] / 2) * height,
                width: numbers[2] * width, height: numbers[3] * height)
            return Annotation(labels[id], .box(box), score: numbers.count == 5 ? numbers[4] : nil)
        case .segmentation, .orientedBoxes:
            guard numbers.count >= 6, numbers.count % 2 == 0 else { return nil }
            let points = stride(from: 0, to: numbers.count, by: 2)
                .map { ImagePoint(x: numbers[$0] * width, y: numbers[$0 + 1] * height) }
            if task == .segmentation { return Annotation(labels[id], .polygon([points])) }
            return RotatedBox(corners: points).map { Annotation(labels[id], .rotatedBox($0)) }
        }
    }
}
