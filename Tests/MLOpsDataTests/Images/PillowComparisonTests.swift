import Foundation
import MLOpsCore
import MLOpsData
import Testing

/// Not a test of its own: writes what we decode, for `Tests/Oracles/images_vs_pillow.py` to compare.
@Test(.enabled(if: ProcessInfo.processInfo.environment["MLOPS_ODD"] != nil))
func dumpsDecodedPictures() throws {
    struct Outcome: Encodable {
        var file: String
        var pixels: String?
        var error: String?
    }
    let environment = ProcessInfo.processInfo.environment
    let source = URL(filePath: try #require(environment["MLOPS_ODD"]), directoryHint: .isDirectory)
    let target = URL(filePath: try #require(environment["MLOPS_ODD_OUT"]), directoryHint: .isDirectory)
    try DurableFile.makeFolder(target)
    let files = try FileManager.default.subpathsOfDirectory(atPath: source.path).sorted()
    var lines = Data()
    for (i, file) in files.enumerated() {
        let url = source.appending(path: file)
        guard !url.hasDirectoryPath, !file.hasSuffix(".csv"), let bytes = FileManager.default.contents(atPath: url.path)
        else { continue }
        var outcome = Outcome(file: file)
        do {
            outcome.pixels = "\(i).ppm"
            try ppm(ImageDecoder().decode(bytes)).write(to: target.appending(path: "\(i).ppm"))
        } catch let error as MLOpsError {
            outcome = Outcome(file: file, error: "\(error.code): \(error.message)")
        }
        lines += try CanonicalJSON.encode(outcome) + Data("\n".utf8)
    }
    try lines.write(to: target.appending(path: "outcomes.jsonl"))
}

/// A picture as a portable pixmap (binary, P6).
private func ppm(_ image: Image) -> Data { Data("P6 \(image.width) \(image.height) 255\n".utf8) + image.pixels }
