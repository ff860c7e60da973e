import Foundation
import MLOpsCore
import MLOpsData
import Testing

/// Files that tests read.
enum Fixture {
    static func bytes(_ path: String) throws -> Data {
        let url = try #require(
            Bundle.module.url(forResource: "Fixtures/" + path, withExtension: nil), "no fixture \(path)")
        return try Data(contentsOf: url)
    }

    /// A portable pixmap as Pillow writes it: `P6\nW H\n255\n` and the pixels.
    static func pixmap(_ path: String) throws -> Image {
        let bytes = try bytes(path)
        let header = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
        let sizes = String(decoding: header[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        return try Image(width: sizes[0], height: sizes[1], pixels: Array(header[3]))
    }

    /// A picture with some structure, different for each seed.
    static func painted(width: Int, height: Int, seed: Int = 0) throws -> Image {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                pixels += [
                    UInt8(truncatingIfNeeded: x &* 5 &+ seed &* 37), UInt8(truncatingIfNeeded: y &* 7 &+ seed),
                    UInt8(truncatingIfNeeded: (x / 8 + y / 8) &* 40 &+ seed &* 11),
                ]
            }
        }
        return try Image(width: width, height: height, pixels: pixels)
    }

    /// A picture as a photograph is: mostly smooth, some edges, a little noise.
    static func landscape(width: Int, height: Int, seed: UInt64 = 1) throws -> Image {
        var chance = SeededGenerator(seed: seed)
        var pixels: [UInt8] = []
        for y in 0..<height {
            let sky = Double(height - y) / Double(height)
            for x in 0..<width {
                let hill = 0.5 + 0.15 * sin(Double(x) / 37) + 0.05 * sin(Double(x) / 11)
                // The edge of the hill is a few pixels wide, as a lens makes it.
                let share = max(0, min(1, (Double(y) / Double(height) - hill) * 100 + 0.5))
                let (above, below) = ([120 + 60 * sky, 150 + 60 * sky, 220], [60, 110 - 50 * sky, 50])
                let color = zip(above, below).map { $0 + ($1 - $0) * share }
                for value in color { pixels.append(UInt8(max(0, min(255, value + chance.uniform(in: -6...6))))) }
            }
        }
        return try Image(width: width, height: height, pixels: pixels)
    }
}

/// A folder that is gone when the closure ends.
@discardableResult func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "mlops-data-" + UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

extension Image {
    /// The mean and the largest absolute difference of two pictures of the same sizes.
    func difference(to other: Image) throws -> (mean: Double, largest: Int) {
        try #require(
            width == other.width && height == other.height, "\(width)×\(height), \(other.width)×\(other.height)")
        let differences = zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }
        return (Double(differences.reduce(0, +)) / Double(differences.count), differences.max() ?? 0)
    }
}
