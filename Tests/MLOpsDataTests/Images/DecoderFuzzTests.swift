import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

/// Decoders on damaged files; MLOPS_FUZZ says how many of each format, 10,000 say.
@Suite("Damaged pictures") struct DecoderFuzzTests {
    private var rounds: Int { ProcessInfo.processInfo.environment["MLOPS_FUZZ"].flatMap { Int($0) } ?? 1_200 }

    /// Changes, cuts, doubles or fills a part of a file, as a bad disk, a broken transfer or malice would.
    private func damaged(_ bytes: [UInt8], _ chance: inout SeededGenerator) -> [UInt8] {
        var result = bytes
        for _ in 0...chance.integer(below: 4) {
            guard result.count > 1 else { break }
            let start = chance.integer(below: result.count)
            let end = min(result.count, start + 1 + chance.integer(below: 40))
            switch chance.integer(below: 6) {
            case 0: result[start] ^= 1 << UInt8(chance.integer(below: 8))
            case 1: result[start] = [0, 0xFF, 0x7F, 0x80, 0xD8, 0xDA][chance.integer(below: 6)]
            case 2: result.removeSubrange(start..<end)
            case 3: result.insert(contentsOf: result[start..<end], at: start)
            case 4: for i in start..<end { result[i] = UInt8(chance.integer(below: 256)) }
            default: result.removeLast(min(result.count - 1, chance.integer(below: 200)))
            }
        }
        return result
    }

    @Test(
        "Damaged bytes give a picture of the header's sizes or an error, never a trap",
        arguments: [
            ["baseline.jpg", "progressive.jpg", "cmyk.jpg", "full-chroma.jpg", "gray.jpg", "orientation-6.jpg"],
            [
                "interlaced.png", "turned.png", "palette-transparent.png", "deep.png", "bilevel.png", "gray-alpha.png",
                "color-key.png",
            ],
            ["original.ppm", "cubic-9x8.ppm"],
        ])
    func survivesDamage(names: [String]) async throws {
        let files = try names.map { try [UInt8](Fixture.bytes("images/" + $0)) }
        var chance = SeededGenerator(seed: 7, UInt64(names.count))
        let decoder = ImageDecoder(maxPixels: 1 << 20)
        var decoded = 0
        try await MemoryBound().hold("pictures like \(names[0])") {
            for round in 0..<rounds {
                let bytes = damaged(files[round % files.count], &chance)
                do {
                    let header = try decoder.header(of: bytes)
                    let image = try decoder.decode(bytes)
                    #expect(image.width == header.width && image.height == header.height)
                    #expect(image.pixels.count == image.width * image.height * 3)
                    decoded += 1
                } catch is MLOpsError {}
                do {
                    _ = try ImageInputDecoder(decoder: decoder).image(from: bytes, width: 8, height: 8)
                } catch is MLOpsError {}
            }
        }
        #expect(decoded > 0 && decoded < rounds)
    }

    @Test("Damaged IDX files give pictures or an error") func survivesDamagedIDX() async throws {
        try await MemoryBound().hold("IDX files") {
            try await withTemporaryFolder { folder in
                let pictures = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2] + (0..<12).map { UInt8($0) }
                let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]
                var chance = SeededGenerator(seed: 3)
                let (a, b) = (folder.appending(path: "images"), folder.appending(path: "labels"))
                for _ in 0..<ByteMutator.count {
                    try Data(damaged(pictures, &chance)).write(to: a)
                    try Data(chance.uniform() < 0.5 ? labels : damaged(labels, &chance)).write(to: b)
                    do {
                        let dataset = try IDXDataset(images: a, labels: b)
                        for i in 0..<min(2, dataset.count) { _ = try dataset.example(at: i) }
                    } catch is MLOpsError {}
                }
            }
        }
    }
}
