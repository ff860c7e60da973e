import Foundation
import MLOpsCore
import MLOpsData

/// Annotations to write and to read back.
enum AnnotationSamples {
    static let all = Set(AnnotationFeature.allCases)
    static let size = AnnotatedImage.Size(width: 64, height: 48)

    /// The picture's pixels from (5, 10) on, 7 wide and 4 high, without two corners.
    static func mask() throws -> RunLengthMask {
        var part = [Bool](repeating: true, count: 28)
        (part[0], part[27]) = (false, false)
        return try RunLengthMask(width: 64, height: 48, part: part, columns: 7, left: 5, top: 10)
    }

    static let box = AnnotationShape.box(BoundingBox(x: 4.5, y: 6, width: 20.25, height: 10))
    static let rotated = AnnotationShape.rotatedBox(
        RotatedBox(center: ImagePoint(x: 30, y: 20), width: 16, height: 8, degrees: 30))
    static let outline = [(3.0, 4.0), (20, 5), (18.5, 22), (2, 18)].map { ImagePoint(x: $0, y: $1) }
    static let outline2 = [(40.0, 30.0), (50, 30), (45, 40)].map { ImagePoint(x: $0, y: $1) }

    /// Things of every kind, in two pictures and one without any.
    static func everything() throws -> AnnotationSet {
        let cat = [
            Annotation("cat", box, attributes: ["occluded": "true", "fur": "a <long> & \"thick\" one"]),
            Annotation("cat", rotated, attributes: ["age": "3"]), Annotation("dog", box), Annotation("dog", rotated),
            Annotation("dog", .polygon([outline])), Annotation("dog", .polygon([outline, outline2])),
            Annotation("cat", .mask(try mask()), isCrowd: true), Annotation("dog", box, annotator: "ada@example.org"),
            Annotation("cat", box, annotator: "net-7", score: 0.75), Annotation(nil, box), Annotation("cat", .picture),
        ]
        let parts = [
            Annotation("dog", .keypoints, keypoints: skeleton), Annotation("dog", box, keypoints: skeleton),
            Annotation("cat", .keypoints, keypoints: [Keypoint("", at: ImagePoint(x: 9, y: 8))]),
        ]
        return try AnnotationSet(
            labels: ["dog", "cat", "horse"], labelDetails: ["dog": ["supercategory": "animal", "skeleton": "1 2"]],
            images: [
                AnnotatedImage("park/1 é.jpg", size: size, annotations: cat, attributes: ["camera": "north"]),
                AnnotatedImage("2.png", size: size, annotations: parts), AnnotatedImage("3.png", size: size),
            ])
    }

    static let skeleton = [
        Keypoint("nose", at: ImagePoint(x: 10, y: 12)),
        Keypoint("tail", at: ImagePoint(x: 30.5, y: 20), visibility: .hidden),
        Keypoint("ear", at: ImagePoint(x: 0, y: 0), visibility: .unmarked),
    ]

    /// The formats, each ready to read what it wrote of the samples.
    static var formats: [any AnnotationFormat] {
        let sizes = ["park/1 é.jpg": size, "2.png": size, "3.png": size]
        return [
            COCOFormat(), PascalVOCFormat(), PascalVOCFormat(coordinates: .edges), CVATFormat(), LabelStudioFormat(),
            YOLOFormat(.detection, images: sizes), YOLOFormat(.segmentation, images: sizes),
            YOLOFormat(.orientedBoxes, images: sizes),
        ]
    }
}
