import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Annotations of other tools") struct AnnotationOracleTests {
    private struct Expected: Decodable {
        var packed: String
        var counts: [Int]
        var area: Int
        var bounds: [Double]
        /// Class, x, y, width, height of each box, by picture.
        var boxes: [String: [[JSONText]]]
    }

    private enum JSONText: Decodable {
        case text(String)
        case number(Double)
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
        var description: String {
            switch self {
            case .text(let text): text
            case .number(let number): String((number * 20).rounded() / 20)
            }
        }
    }

    private static func expected() throws -> Expected {
        try JSONDecoder().decode(Expected.self, from: Fixture.bytes("annotations/expected.json"))
    }

    private static func folder(_ name: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Fixtures/annotations/" + name, withExtension: nil))
    }

    /// The boxes of a set to a twentieth of a pixel, in an order of their own, by the pictures' names without ending.
    private static func boxes(_ set: AnnotationSet) -> [String: [String]] {
        set.images.reduce(into: [:]) { boxes, image in
            let name = String((image.file.split(separator: "/").last ?? "").split(separator: ".")[0])
            boxes[name] = image.annotations.compactMap { annotation in
                guard case .box(let box) = annotation.shape else { return nil }
                return
                    ([annotation.label ?? ""]
                    + [box.x, box.y, box.width, box.height].map { String(($0 * 20).rounded() / 20) })
                    .joined(separator: " ")
            }.sorted()
        }
    }

    @Test("The boxes that Datumaro wrote in each format are read", arguments: ["coco", "voc", "yolo", "cvat"])
    func readsDatumaro(name: String) throws {
        var expected = try Self.expected().boxes.mapValues {
            $0.map { $0.map(\.description).joined(separator: " ") }.sorted()
        }
        // Datumaro writes no file for a picture without boxes there.
        if name == "voc" { expected["third"] = nil }
        let size = AnnotatedImage.Size(width: 64, height: 48)
        let sizes = ["first", "second", "third"].reduce(into: [:]) { $0["obj_train_data/\($1).jpg"] = size }
        let formats: [String: any AnnotationFormat] = [
            "coco": COCOFormat(), "voc": PascalVOCFormat(coordinates: .edges), "cvat": CVATFormat(),
            "yolo": YOLOFormat(images: sizes),
        ]
        let format = try #require(formats[name])
        // Datumaro marks every picture with its subset.
        let set = try format.read(from: Self.folder(name), allowing: [.imageAttributes])
        #expect(Self.boxes(set) == expected)
        #expect(set.labels.filter { $0 != "background" } == ["dog", "cat"])
    }

    @Test("COCO's masks are read, packed or not, with the area and the bounds that pycocotools gives") func readsMasks()
        throws
    {
        let expected = try Self.expected()
        func json(_ counts: String) -> Data {
            Data(
                """
                {"images": [{"id": 1, "file_name": "a"}], "categories": [{"id": 1, "name": "x"}], "annotations": [{"id": 1,
                "image_id": 1, "category_id": 1, "segmentation": {"size": [48, 64], "counts": \(counts)}}]}
                """.utf8)
        }
        let packed = String(decoding: try JSONEncoder().encode(expected.packed), as: UTF8.self)
        for counts in [packed, "\(expected.counts)"] {
            let set = try COCOFormat().set(from: [AnnotationFile("a.json", json(counts))])
            guard case .mask(let mask) = set.images[0].annotations[0].shape else {
                Issue.record("no mask")
                return
            }
            #expect(mask.counts == expected.counts && mask.area == expected.area)
            let box = try #require(mask.bounds)
            #expect([box.x, box.y, box.width, box.height] == expected.bounds)
        }
        let whole = try COCOFormat().read(from: Self.folder("coco"))
        let masks = whole.images[0].annotations.compactMap { annotation -> RunLengthMask? in
            if case .mask(let mask) = annotation.shape { mask } else { nil }
        }
        #expect(masks.map(\.area) == [expected.area])
    }
}

/// Not a test of its own: writes sets in each format, for `Tests/Oracles/annotations_check.py` to read.
@Test(.enabled(if: ProcessInfo.processInfo.environment["MLOPS_ANNOTATIONS_OUT"] != nil))
func dumpsAnnotations() throws {
    let target = URL(
        filePath: try #require(ProcessInfo.processInfo.environment["MLOPS_ANNOTATIONS_OUT"]),
        directoryHint: .isDirectory)
    try DurableFile.makeFolder(target)
    let everything = try AnnotationSamples.everything().renamingFiles { $0.replacing("park/1 é", with: "1") }
    let sizes = Dictionary(uniqueKeysWithValues: everything.images.map { ($0.file, AnnotationSamples.size) })
    let formats: [String: any AnnotationFormat] = [
        "coco": COCOFormat(), "voc": PascalVOCFormat(coordinates: .edges), "cvat": CVATFormat(),
        "yolo": YOLOFormat(images: sizes), "label-studio": LabelStudioFormat(),
    ]
    // A picture for each, since some readers ask for one.
    let blank = try Image(width: 64, height: 48, pixels: [UInt8](repeating: 0, count: 64 * 48 * 3))
    var expected: [String: [String: [Mark]]] = [:]
    for (name, format) in formats {
        let folder = target.appending(path: name)
        try format.write(everything, to: folder, allowing: AnnotationSamples.all)
        let places = ["voc": "JPEGImages", "yolo": "images", "cvat": "images", "coco": "images/default"]
        for image in everything.images {
            guard let place = places[name] else { continue }
            let url = folder.appending(path: place).appending(path: image.file)
            try DurableFile.makeFolder(url.deletingLastPathComponent())
            try DurableFile.write(image.file.hasSuffix("jpg") ? blank.jpeg() : blank.png(), to: url)
        }
        let read = try format.read(from: folder)
        for image in read.images {
            expected[name, default: [:]][image.file] = image.annotations.compactMap { annotation in
                if case .rotatedBox(let box) = annotation.shape {
                    return Mark(annotation.label, [box.center.x, box.center.y, box.width, box.height])
                }
                let isExtent = annotation.shape != .picture && (annotation.shape != .keypoints || name == "coco")
                guard isExtent, let box = annotation.bounds else { return nil }
                return Mark(annotation.label, [box.x, box.y, box.width, box.height])
            }
        }
    }
    try DurableFile.write(CanonicalJSON.encode(expected), to: target.appending(path: "expected.json"))
}

/// A class and a box, as an array.
private struct Mark: Encodable {
    var label: String?
    var numbers: [Double]

    init(_ label: String?, _ numbers: [Double]) {
        self.label = label
        self.numbers = numbers
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(label)
        for number in numbers { try container.encode(number) }
    }
}
