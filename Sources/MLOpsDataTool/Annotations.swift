import ArgumentParser
import Foundation
import MLOpsCore
import MLOpsData

struct Annotations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert what people marked in pictures from one format to another.", subcommands: [Convert.self])

    struct Convert: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Convert annotations; what that loses must be named with --allow, or nothing is written.")

        @OptionGroup var output: OutputOptions
        @Argument(help: "The file or folder to read.") var input: String
        @Argument(help: "The folder to write; it must not be there.") var folder: String
        @Option(help: "The format to read: \(Format.list).") var from: Format
        @Option(help: "The format to write.") var to: Format
        @Option(
            help: "What may be lost, such as rotation; may be given several times.",
            transform: { name in
                if let feature = AnnotationFeature(rawValue: name) { return feature }
                throw ValidationError(
                    "Say one of \(AnnotationFeature.allCases.map(\.rawValue).joined(separator: ", ")).")
            })
        var allow: [AnnotationFeature] = []
        @Option(help: "The folder of the pictures; YOLO's files do not tell how large they are.") var images: String?

        func run() async throws {
            let sizes = try images.map { try AnnotatedImage.sizes(in: URL(filePath: $0)) } ?? [:]
            let set = try from.format(sizes).read(from: URL(filePath: input), allowing: Set(allow))
            try to.format(sizes).write(set, to: URL(filePath: folder), allowing: Set(allow))
            let count = set.images.reduce(0) { $0 + $1.annotations.count }
            try output.show(
                ["pictures": set.images.count, "annotations": count, "classes": set.labels.count],
                "\(set.images.count) pictures, \(count) annotations, \(set.labels.count) classes")
        }
    }

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case coco, cvat, voc, yolo
        case vocEdges = "voc-edges"
        case labelStudio = "label-studio"
        case yoloSegmentation = "yolo-segmentation"
        case yoloOrientedBoxes = "yolo-obb"

        static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

        func format(_ sizes: [String: AnnotatedImage.Size]) -> any AnnotationFormat {
            switch self {
            case .coco: COCOFormat()
            case .cvat: CVATFormat()
            case .yolo: YOLOFormat(.detection, images: sizes)
            case .yoloSegmentation: YOLOFormat(.segmentation, images: sizes)
            case .yoloOrientedBoxes: YOLOFormat(.orientedBoxes, images: sizes)
            case .voc: PascalVOCFormat()
            case .vocEdges: PascalVOCFormat(coordinates: .edges)
            case .labelStudio: LabelStudioFormat()
            }
        }
    }
}
