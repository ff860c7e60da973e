import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Annotation formats") struct AnnotationFormatTests {
    @Test("What a format holds comes back; nothing else is lost but what was allowed", arguments: 0..<8)
    func roundTrips(index: Int) async throws {
        let format = AnnotationSamples.formats[index]
        let everything = try AnnotationSamples.everything()
        let files = try format.files(of: everything, allowing: AnnotationSamples.all)
        let read = try format.set(from: files)
        // What was read needs nothing that the format does not have, and comes back as it was.
        let again = try format.set(from: format.files(of: read))
        #expect(again.isNearlyEqual(to: read))
        // All of a set that uses the format's features only comes back.
        let kept = everything.images.map { image in
            AnnotatedImage(
                image.file, size: image.size,
                annotations: image.annotations.filter { Self.features(of: $0).isSubset(of: format.features) },
                attributes: format.features.contains(.imageAttributes) ? image.attributes : [:])
        }
        let labels = format.features.contains(.labelOrder) ? everything.labels : nil
        let details = format.features.contains(.labelDetails) ? everything.labelDetails : [:]
        let own = try AnnotationSet(labels: labels, labelDetails: details, images: kept)
        #expect(own.images.lazy.map(\.annotations.count).reduce(0, +) > 0)
        try await AnnotationFormatExam(of: format, holding: own).run()
    }

    /// What an annotation asks of a format.
    private static func features(of annotation: Annotation) -> Set<AnnotationFeature> {
        var features: Set<AnnotationFeature> = []
        switch annotation.shape {
        case .picture: features.insert(.imageLabels)
        case .box: features.insert(.boxes)
        case .rotatedBox: features.insert(.rotation)
        case .polygon(let outlines): features.formUnion(outlines.count > 1 ? [.polygons, .parts] : [.polygons])
        case .mask: features.insert(.masks)
        case .keypoints: break
        }
        if !annotation.keypoints.isEmpty {
            features.insert(.keypoints)
            if annotation.shape != .keypoints { features.insert(.parts) }
            if annotation.keypoints.count > 1 { features.insert(.skeletons) }
        }
        if annotation.label == nil { features.insert(.unlabeled) }
        if annotation.annotator != nil { features.insert(.annotators) }
        if annotation.score != nil { features.insert(.scores) }
        if annotation.isCrowd { features.insert(.crowds) }
        if !annotation.attributes.isEmpty { features.insert(.attributes) }
        return features
    }

    @Test("A loss that was not named is refused by its name, with how often it happens") func namesLosses() throws {
        let set = try AnnotationSet(images: [
            AnnotatedImage(
                "a.jpg", size: AnnotationSamples.size,
                annotations: [
                    Annotation("cat", AnnotationSamples.rotated),
                    Annotation("cat", AnnotationSamples.rotated, annotator: "1"),
                ])
        ])
        let error = #expect(throws: MLOpsError.self) { try COCOFormat().files(of: set, allowing: [.annotators]) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("rotation (2×)") ?? false)
        #expect(error?.message.contains("annotators") == false)
        #expect(error?.help.contains("(rotation)") ?? false)
        let coco = COCOFormat()
        let read = try coco.set(from: coco.files(of: set, allowing: [.rotation, .annotators]))
        guard case .polygon(let outlines) = read.images[0].annotations[0].shape else {
            Issue.record("a turned box is not written as an outline")
            return
        }
        #expect(outlines[0].count == 4)
    }

    @Test("A turned box becomes the upright box about its corners, never the box before turning") func turnsUpright()
        throws
    {
        let turned = RotatedBox(center: ImagePoint(x: 30, y: 20), width: 16, height: 8, degrees: 90)
        let set = try AnnotationSet(images: [
            AnnotatedImage("a.jpg", size: AnnotationSamples.size, annotations: [Annotation("cat", .rotatedBox(turned))])
        ])
        let format = PascalVOCFormat()
        let read = try format.set(from: format.files(of: set, allowing: [.rotation]))
        let upright = AnnotationShape.box(BoundingBox(x: 26, y: 12, width: 8, height: 16))
        let expected = try AnnotationSet(images: [
            AnnotatedImage("a.jpg", size: AnnotationSamples.size, annotations: [Annotation("cat", upright)])
        ])
        #expect(read.isNearlyEqual(to: expected) && !read.isNearlyEqual(to: set))
    }

    @Test("Label Studio turns a box about its top left corner, in pixels, not in percent") func labelStudioRotation()
        throws
    {
        let json = """
            [{"id": 7, "data": {"image": "/data/upload/1/a.jpg"}, "annotations": [{"completed_by": {"email": "ada"},
            "result": [{"id": "x", "type": "rectanglelabels", "from_name": "label", "to_name": "image",
            "original_width": 1280, "original_height": 720, "image_rotation": 0, "value": {"x": 43, "y": 84.5,
            "width": 2.5, "height": 2.5, "rotation": 30, "rectanglelabels": ["jug"]}},
            {"id": "x", "type": "choices", "from_name": "full", "to_name": "image", "value": {"choices": ["yes"]}}]}]}]
            """
        let set = try LabelStudioFormat().set(from: [AnnotationFile("x.json", Data(json.utf8))])
        let annotation = set.images[0].annotations[0]
        #expect(annotation.annotator == "ada" && annotation.label == "jug" && annotation.attributes == ["full": "yes"])
        guard case .rotatedBox(let box) = annotation.shape else {
            Issue.record("the box is not turned")
            return
        }
        let (x, y, w, h) = (0.43 * 1280, 0.845 * 720, 0.025 * 1280, 0.025 * 720)
        let (c, s) = (cos(Double.pi / 6), sin(Double.pi / 6))
        let corners = [(x, y), (x + w * c, y + w * s), (x + w * c - h * s, y + w * s + h * c), (x - h * s, y + h * c)]
        for (corner, expected) in zip(box.corners, corners) {
            #expect(abs(corner.x - expected.0) < 1e-9 && abs(corner.y - expected.1) < 1e-9)
        }
    }

    @Test("A box with a rotation among its attributes, as CVAT writes COCO, is read as a turned one") func cvatCOCO()
        throws
    {
        let json = """
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}],
            "categories": [{"id": 3, "name": "cat", "supercategory": ""}],
            "annotations": [{"id": 1, "image_id": 1, "category_id": 3, "bbox": [22, 16, 16, 8], "segmentation": [],
            "area": 128, "iscrowd": 0, "attributes": {"occluded": false, "rotation": 30.0}}]}
            """
        let set = try COCOFormat().set(from: [AnnotationFile("x.json", Data(json.utf8))])
        #expect(set.images[0].annotations[0].shape == AnnotationSamples.rotated)
        #expect(set.images[0].annotations[0].attributes == ["occluded": "false"])
    }

    @Test("Shapes that are none of ours are refused, or left out when that is allowed") func otherShapes() throws {
        let xml = """
            <?xml version="1.0" encoding="utf-8"?><annotations><image id="0" name="a.jpg" width="64" height="48">
            <polyline label="lead" points="1,2;3,4"/><box label="dog" xtl="1" ytl="2" xbr="3" ybr="4"/></image></annotations>
            """
        let file = AnnotationFile("annotations.xml", Data(xml.utf8))
        let error = #expect(throws: MLOpsError.self) { try CVATFormat().set(from: [file]) }
        #expect(error?.code == .unsupported)
        #expect(try CVATFormat().set(from: [file], allowing: [.otherShapes]).images[0].annotations.count == 1)
    }

    @Test("A folder is written whole, read back, and no picture's name leads out of it") func folders() async throws {
        try await withTemporaryFolder { folder in
            let set = try AnnotationSamples.everything()
            for (index, format) in AnnotationSamples.formats.enumerated() {
                let url = folder.appending(path: "\(index)")
                try format.write(set, to: url, allowing: AnnotationSamples.all)
                let read = try format.read(from: url)
                #expect(read.images.count == 3)
                #expect(throws: MLOpsError.self) { try format.write(set, to: url, allowing: AnnotationSamples.all) }
                #expect(throws: MLOpsError.self) { try format.read(from: url, maxBytes: 10) }
            }
            for name in ["../x.jpg", "/etc/x.jpg", "a/../../x.jpg"] {
                let set = try AnnotationSet(images: [AnnotatedImage(name, size: AnnotationSamples.size)])
                #expect(throws: MLOpsError.self) { try PascalVOCFormat().write(set, to: folder.appending(path: "bad")) }
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(Set(left) == Set((0..<8).map(String.init)))
            #expect(throws: MLOpsError.self) { try COCOFormat().read(from: folder.appending(path: "none")) }
        }
    }

    @Test("The set's own JSON loses nothing") func ownJSON() throws {
        let set = try AnnotationSamples.everything()
        #expect(try CanonicalJSON.decode(AnnotationSet.self, from: CanonicalJSON.encode(set)) == set)
    }

    @Test("A set with doubled names, unknown classes or numbers that are none is refused") func refusesSets() {
        let box = AnnotatedImage("a", size: nil, annotations: [Annotation("cat", AnnotationSamples.box)])
        #expect(throws: MLOpsError.self) { try AnnotationSet(images: [box, box]) }
        #expect(throws: MLOpsError.self) { try AnnotationSet(labels: ["dog"], images: [box]) }
        #expect(throws: MLOpsError.self) { try AnnotationSet(labels: ["cat", "cat"], images: [box]) }
        for shape: AnnotationShape in [
            .box(BoundingBox(x: .nan, y: 0, width: 1, height: 1)), .box(BoundingBox(x: 0, y: 0, width: -1, height: 1)),
            .polygon([]), .polygon([[ImagePoint(x: 0, y: 0)]]), .keypoints,
            .rotatedBox(RotatedBox(center: ImagePoint(x: 0, y: 0), width: 1, height: 1, degrees: .infinity)),
        ] {
            let image = AnnotatedImage("a", size: nil, annotations: [Annotation("cat", shape)])
            #expect(throws: MLOpsError.self) { try AnnotationSet(images: [image]) }
        }
    }
}
