import MLOpsData
import Testing

@Suite("Statistics of pictures") struct ImageStatisticsTests {
    @Test("An even color has no contrast, no entropy and no edges") func measuresEvenColor() throws {
        let image = try Image(width: 5, height: 4, pixels: Array(repeating: [255, 0, 0], count: 20).flatMap { $0 })
        let statistics = ImageStatistics(of: image)
        #expect(abs(statistics.brightness - 76.0 / 255) < 1e-12)
        #expect(statistics.contrast < 1e-6 && statistics.entropy == 0 && statistics.sharpness == 0)
        #expect(statistics.saturation == 1)
    }

    @Test("A checkerboard of black and white has the largest contrast and one bit") func measuresCheckerboard() throws {
        let values = (0..<64).map { UInt8(($0 / 8 + $0 % 8) % 2 == 0 ? 0 : 255) }
        let statistics = ImageStatistics(of: try Image(width: 8, height: 8, pixels: values.flatMap { [$0, $0, $0] }))
        #expect(statistics.features == [
            "brightness": 0.5, "contrast": 0.5, "saturation": 0, "entropy": 1, "sharpness": 1020 * 1020,
        ])
    }

    @Test("Blur lowers sharpness; a brighter picture has more brightness") func followsChanges() throws {
        let image = try Fixture.painted(width: 64, height: 64)
        let blurred = try image.resized(width: 16, height: 16).resized(width: 64, height: 64)
        #expect(ImageStatistics(of: blurred).sharpness < 0.5 * ImageStatistics(of: image).sharpness)
        var brighter = image
        brighter.pixels = image.pixels.map { UInt8(min(255, Int($0) + 40)) }
        #expect(ImageStatistics(of: brighter).brightness > ImageStatistics(of: image).brightness + 0.1)
    }
}
