import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite struct IDXDatasetTests {
    /// A folder with a file of pictures and a file of labels.
    private func open(images: [UInt8], labels: [UInt8]) throws -> IDXDataset {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("idx-\(UUID().uuidString)")
        try DurableFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(images).write(to: folder.appendingPathComponent("images"))
        try Data(labels).write(to: folder.appendingPathComponent("labels"))
        return try IDXDataset(
            images: folder.appendingPathComponent("images"), labels: folder.appendingPathComponent("labels"))
    }

    private let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60]
    private let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]

    @Test func picturesAndLabelsComeInTheirOrder() throws {
        let dataset = try open(images: images, labels: labels)
        #expect((dataset.count, dataset.width, dataset.height) == (2, 3, 1))
        let example = try dataset.example(at: 1)
        #expect(example.image.pixels == [40, 40, 40, 50, 50, 50, 60, 60, 60])
        #expect(example.label == 9 && example.id == "1")
        #expect(throws: MLOpsError.self) { try dataset.example(at: 2) }
    }

    @Test func filesThatAreNotWhatTheySayThrow() {
        var huge = images
        huge.replaceSubrange(4..<16, with: [UInt8](repeating: 0xFF, count: 12))
        for (images, labels) in [
            (Array(images.dropLast()), labels), (images, labels + [1]), (labels, labels), ([], labels), (huge, labels),
            ([0x1F, 0x8B, 8, 0] + images, labels), (images, [0, 0, 8, 1, 0, 0, 0, 1, 7]),
        ] { #expect(throws: MLOpsError.self) { try open(images: images, labels: labels) } }
        let error = #expect(throws: MLOpsError.self) {
            try IDXDataset(images: URL(fileURLWithPath: "/none"), labels: URL(fileURLWithPath: "/none"))
        }
        #expect(error?.code == .notFound)
    }
}
