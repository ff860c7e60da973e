import MLOpsCNN
import MLOpsCore
import Testing

@Suite("PictureSampling")
struct PictureSamplingTests {
    private func read(_ sampling: PictureSampling, _ pixels: [UInt8], side: Int, outSide: Int) -> [Float] {
        var output = [Float](repeating: .nan, count: outSide * outSide * 3)
        sampling.read(pixels, width: side, height: side, into: &output, outWidth: outSide, outHeight: outSide)
        return output
    }

    private func pixels(_ side: Int) -> [UInt8] {
        plainSequence(side * side * 3, salt: 6).map { UInt8(($0 + 1) * 127.9) }
    }

    @Test("with flips alone a picture comes out as it is, or mirrored, about half the time each")
    func flips() throws {
        let preprocessing = try ImagePreprocessing(width: 8, height: 8)
        let plain = read(PictureSampling(preprocessing), pixels(8), side: 8, outSide: 8)
        var mirrored = plain
        for y in 0..<8 {
            for x in 0..<8 { for c in 0..<3 { mirrored[(y * 8 + x) * 3 + c] = plain[(y * 8 + 7 - x) * 3 + c] } }
        }
        var flips = 0
        for seed in 0..<200 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let sampling = PictureSampling(preprocessing, .flip, width: 8, height: 8, using: &generator)
            let output = read(sampling, pixels(8), side: 8, outSide: 8)
            #expect(output == plain || output == mirrored)
            flips += output == mirrored ? 1 : 0
        }
        #expect((70...130).contains(flips))
    }

    @Test("crops, turns and light keep values in range, and equal keys give equal pictures")
    func stayInRange() throws {
        let preprocessing = try ImagePreprocessing(width: 8, height: 8, mean: [0, 0, 0], standardDeviation: [1, 1, 1])
        let strong = ImageAugmentation(cropScale: 0.4...1.5, rotation: 1)
        var seen = Set<[Float]>()
        for seed in 0..<50 {
            let outputs = (0..<2).map { _ in
                var generator = SeededGenerator(seed: 5, 2, UInt64(seed))
                let sampling = PictureSampling(preprocessing, strong, width: 10, height: 10, using: &generator)
                return read(sampling, pixels(10), side: 10, outSide: 8)
            }
            #expect(outputs[0] == outputs[1])
            #expect(outputs[0].allSatisfy { $0 >= 0 && $0 <= 1.0001 })
            seen.insert(outputs[0])
        }
        #expect(seen.count == 50)
    }

    @Test("contrast and brightness change values by their share, in standard deviations")
    func changeLight() throws {
        let preprocessing = try ImagePreprocessing(width: 4, height: 4)
        let plain = read(PictureSampling(preprocessing), pixels(4), side: 4, outSide: 4)
        for seed in 0..<20 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let sampling = PictureSampling(
                preprocessing, ImageAugmentation(flips: false, contrast: 0.3, brightness: 0.5), width: 4, height: 4,
                using: &generator)
            let output = read(sampling, pixels(4), side: 4, outSide: 4)
            let contrast = (output[0] - output[45]) / (plain[0] - plain[45])
            #expect((0.69...1.31).contains(contrast))
            let brightness = output[0] - plain[0] * contrast
            #expect((-0.51...0.51).contains(brightness))
        }
    }

    @Test("about half of the pictures lack a square, and only that")
    func erases() throws {
        let preprocessing = try ImagePreprocessing(width: 10, height: 10)
        let erasing = ImageAugmentation(flips: false, erasing: 0.6)
        var incomplete = 0
        for seed in 0..<200 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var same = generator
            let plain = PictureSampling(
                preprocessing, ImageAugmentation(flips: false), width: 10, height: 10, using: &same)
            let sampling = PictureSampling(preprocessing, erasing, width: 10, height: 10, using: &generator)
            let (whole, output) = (
                read(plain, pixels(10), side: 10, outSide: 10), read(sampling, pixels(10), side: 10, outSide: 10)
            )
            let erased = output.indices.filter { output[$0] != whole[$0] }
            #expect(erased.allSatisfy { output[$0] == 0 })
            let (columns, rows) = (Set(erased.map { $0 / 3 % 10 }), Set(erased.map { $0 / 30 }))
            #expect(erased.count == 3 * columns.count * rows.count && columns.count == rows.count && rows.count <= 6)
            incomplete += erased.isEmpty ? 0 : 1
        }
        #expect((60...120).contains(incomplete))
    }

    @Test("settings that make no picture throw")
    func invalidSettingsThrow() {
        for augmentation in [
            ImageAugmentation(cropScale: 0...1), ImageAugmentation(contrast: 2), ImageAugmentation(brightness: -1),
            ImageAugmentation(erasing: 1.5),
        ] { #expect(throws: MLOpsError.self) { try augmentation.validate() } }
    }
}
