import MLOpsCore
import MLOpsData
import Testing

@Suite("Changing pictures") struct ImageTests {
    @Test("A PNG that we write reads back as the same pixels") func writesPNG() throws {
        let image = try Fixture.painted(width: 61, height: 33)
        #expect(try ImageDecoder().decode(image.png()) == image)
    }

    @Test("A JPEG that we write is near the original, and nearer at a higher quality") func writesJPEG() throws {
        let image = try Fixture.painted(width: 64, height: 48)
        let errors = try [30, 75, 100].map { quality in
            try ImageDecoder().decode(image.jpeg(quality: quality)).difference(to: image).mean
        }
        #expect(errors[0] > errors[1] && errors[1] > errors[2])
        for quality in [0, 101] { #expect(throws: MLOpsError.self) { try image.jpeg(quality: quality) } }
    }

    @Test(
        "The triangle and the cubic filter give what Pillow's BILINEAR and BICUBIC give, within 1",
        arguments: [(9, 8), (16, 16), (80, 50), (37, 5)])
    func resizesAsPillow(width: Int, height: Int) throws {
        for (filter, name) in [(ResizeFilter.triangle, "triangle"), (.cubic, "cubic")] {
            let image = try Fixture.pixmap("images/original.ppm").resized(width: width, height: height, filter: filter)
            let difference = try image.difference(to: Fixture.pixmap("images/\(name)-\(width)x\(height).ppm"))
            // Pillow rounds and bounds the values between its two passes, where the cubic overshoots.
            #expect(difference.largest <= (filter == .cubic && width > 37 ? 12 : 1))
            #expect(difference.mean < 0.2)
        }
    }

    @Test("The area filter gives the mean of the pixels covered, fractions included") func resizesByArea() throws {
        let image = try Image(width: 3, height: 1, pixels: [0, 0, 0, 90, 30, 60, 200, 100, 50])
        let half = try image.resized(width: 2, height: 1, filter: .area)
        #expect(half.pixels == [30, 10, 20, 163, 77, 53])
        #expect(try image.resized(width: 1, height: 1, filter: .area).pixels == [97, 43, 37])
    }

    @Test("An even color stays itself at any size", arguments: ResizeFilter.allCases) func keepsEvenColor(
        filter: ResizeFilter
    ) throws {
        for value in [UInt8(0), 1, 127, 254, 255] {
            let image = try Image(width: 31, height: 17, pixels: Array(repeating: value, count: 31 * 17 * 3))
            for (width, height) in [(1, 1), (7, 5), (31, 40), (100, 3)] {
                let resized = try image.resized(width: width, height: height, filter: filter)
                #expect(resized.width == width && resized.height == height)
                #expect(resized.pixels.allSatisfy { $0 == value })
            }
        }
    }

    @Test("Sizes below 1 and beyond memory are refused") func refusesSizes() throws {
        let image = try Fixture.painted(width: 4, height: 4)
        for (width, height) in [(0, 4), (4, -1), (.max, .max), (1 << 20, 1 << 20)] {
            #expect(throws: MLOpsError.self) { try image.resized(width: width, height: height) }
        }
    }

    @Test("A crop is the part asked for, and must be inside") func crops() throws {
        let image = try Fixture.painted(width: 9, height: 7)
        let part = try image.cropped(x: 2, y: 3, width: 4, height: 2)
        for y in 0..<2 {
            for x in 0..<4 {
                let (here, there) = ((y * 4 + x) * 3, ((y + 3) * 9 + x + 2) * 3)
                #expect(part.pixels[here..<here + 3] == image.pixels[there..<there + 3])
            }
        }
        for (x, y, width, height) in [(6, 0, 4, 1), (0, 0, 0, 1), (-1, 0, 1, 1), (1, 1, .max, .max)] {
            #expect(throws: MLOpsError.self) { try image.cropped(x: x, y: y, width: width, height: height) }
        }
    }

    @Test("A picture flipped twice is itself") func flips() throws {
        let image = try Fixture.painted(width: 9, height: 7)
        #expect(image.flippedHorizontally() != image)
        #expect(image.flippedHorizontally().flippedHorizontally() == image)
    }
}
