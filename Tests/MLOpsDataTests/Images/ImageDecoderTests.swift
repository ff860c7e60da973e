import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Decoding pictures") struct ImageDecoderTests {
    let decoder = ImageDecoder()

    @Test(
        "A PNG of any color type and depth decodes as Pillow decodes it, to the bit",
        arguments: [
            "gray", "bilevel", "palette", "palette-transparent", "alpha", "gray-alpha", "color-key", "interlaced",
            "deep", "deep-gray", "turned",
        ])
    func decodesPNG(name: String) throws {
        let image = try decoder.decode(Fixture.bytes("images/\(name).png"))
        #expect(try image == Fixture.pixmap("images/\(name).png.ppm"))
    }

    @Test(
        "A JPEG of any kind decodes as Pillow decodes it, within 1",
        arguments: ["baseline", "progressive", "full-chroma", "gray", "cmyk"])
    func decodesJPEG(name: String) throws {
        let image = try decoder.decode(Fixture.bytes("images/\(name).jpg"))
        let difference = try image.difference(to: Fixture.pixmap("images/\(name).jpg.ppm"))
        #expect(difference.largest <= 1)
    }

    @Test("Each of the eight Exif orientations is turned upright", arguments: 1...8)
    func turnsUpright(orientation: Int) throws {
        let bytes = try Fixture.bytes("images/orientation-\(orientation).jpg")
        let header = try decoder.header(of: bytes)
        let image = try decoder.decode(bytes)
        #expect(header.orientation.rawValue == orientation)
        #expect(header.width == image.width && header.height == image.height)
        let difference = try image.difference(to: Fixture.pixmap("images/orientation-\(orientation).jpg.ppm"))
        #expect(difference.largest <= 1)
    }

    @Test("A JPEG cut anywhere is refused") func refusesTruncatedJPEG() throws {
        for name in ["baseline.jpg", "progressive.jpg"] {
            let bytes = try Fixture.bytes("images/" + name)
            for count in 0..<bytes.count {
                #expect(throws: MLOpsError.self, "\(name) cut to \(count)") { try decoder.decode(bytes.prefix(count)) }
            }
        }
    }

    @Test("A PNG cut anywhere is refused") func refusesTruncatedPNG() throws {
        let bytes = try Fixture.bytes("images/interlaced.png")
        for count in 0..<bytes.count {
            #expect(throws: MLOpsError.self, "cut to \(count)") { try decoder.decode(bytes.prefix(count)) }
        }
    }

    @Test("A header that claims 60,000 × 60,000 pixels is refused for its size") func refusesHugeHeaders() throws {
        var jpeg = try [UInt8](Fixture.bytes("images/baseline.jpg"))
        let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xEA, 0x60, 0xEA, 0x60])
        let png = Array(try Fixture.bytes("images/huge-header.png"))
        for bytes in [jpeg, png] {
            let error = #expect(throws: MLOpsError.self) { try decoder.decode(bytes) }
            #expect(error?.code == .limitExceeded)
            #expect(error?.message.contains("60000 × 60000") == true)
        }
    }

    @Test("Bytes and sides above the limits are refused") func obeysLimits() throws {
        let bytes = try Fixture.bytes("images/baseline.jpg")
        for decoder in [ImageDecoder(maxBytes: 100), ImageDecoder(maxPixels: 37 * 23 - 1), ImageDecoder(maxSide: 36)] {
            #expect(throws: MLOpsError.self) { try decoder.decode(bytes) }
        }
        #expect(throws: Never.self) { try ImageDecoder(maxPixels: 37 * 23, maxSide: 37).decode(bytes) }
    }

    @Test("Another format is named", arguments: ["GIF", "WebP", "BMP", "TIFF"]) func namesOtherFormats(name: String)
        throws
    {
        let bytes = try Fixture.bytes("images/not-decoded." + name.lowercased())
        let error = #expect(throws: MLOpsError.self) { try decoder.decode(bytes) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(name) == true)
    }

    @Test("Bytes that are no picture are corrupt") func refusesOtherBytes() {
        for bytes in [[], Array("<html>".utf8), [0xFF], [UInt8](repeating: 0, count: 100)] as [[UInt8]] {
            let error = #expect(throws: MLOpsError.self) { try decoder.decode(bytes) }
            #expect(error?.code == .corruptData)
        }
    }

    @Test("A large JPEG is decoded at the coarsest scale that is large enough") func decodesScaled() throws {
        let bytes = try Fixture.painted(width: 161, height: 80).jpeg(quality: 90)
        let sizes = try [(200, 1), (80, 40), (40, 20), (20, 10), (1, 1)].map {
            let image = try decoder.decode(bytes, atLeast: (width: $0.0, height: $0.1))
            return [image.width, image.height]
        }
        #expect(sizes == [[161, 80], [81, 40], [41, 20], [21, 10], [21, 10]])
    }

    @Test("The one decoder of training and serving gives UINT8[H, W, 3]") func decodesInputs() throws {
        let bytes = try [UInt8](Fixture.bytes("images/orientation-6.jpg"))
        let input = ImageInputDecoder()
        let spec = ModelSignature.TensorSpec("image", .uint8, shape: [-1, 8, 6, 3])
        let value = try input.decode(bytes, for: spec)
        #expect(value.shape == [8, 6, 3])
        #expect(try value.bytes == input.image(from: bytes, width: 6, height: 8).pixels)
        for shape in [[-1, -1, 6, 3], [-1, 8, 6, 1], [8, 6, 3]] {
            #expect(throws: MLOpsError.self) { try input.decode(bytes, for: .init("image", .uint8, shape: shape)) }
        }
        #expect(throws: MLOpsError.self) { try input.decode(bytes, for: .init("image", .float32, shape: spec.shape)) }
    }

    @Test("A large JPEG, decoded at a coarser scale, looks like one decoded in full") func decodesScaledWithoutLoss()
        throws
    {
        let bytes = try Fixture.landscape(width: 450, height: 370).jpeg(quality: 90)
        let input = ImageInputDecoder()
        for (size, scale) in [(64, 4), (86, 4), (88, 2), (130, 2), (200, 1)] {
            let image = try input.image(from: bytes, width: size, height: size * 370 / 450)
            let full = try decoder.decode(bytes).resized(width: image.width, height: image.height)
            let difference = try image.difference(to: full)
            #expect(difference.largest <= 12 && difference.mean < 0.6, "at \(size), by 1/\(scale): \(difference)")
            #expect((difference.largest == 0) == (scale == 1), "at \(size)")
        }
    }

    @Test("The middle of a picture is taken in the network's proportions") func framesPictures() throws {
        var image = try Image(width: 40, height: 20, pixels: Array(repeating: 0, count: 40 * 20 * 3))
        for y in 5..<15 {
            for x in 15..<25 { for c in 0..<3 { image.pixels[(y * 40 + x) * 3 + c] = 200 } }
        }
        let bytes = try image.png()
        let input = ImageInputDecoder(filter: .area, framing: .centered(share: 0.5))
        #expect(try input.image(from: bytes, width: 10, height: 10).pixels.allSatisfy { $0 == 200 })
        let whole = try ImageInputDecoder(filter: .area, framing: .centered(share: 1)).image(
            from: bytes, width: 20, height: 20)
        #expect(whole.pixels.filter { $0 == 200 }.count == 10 * 10 * 3)
        #expect(throws: MLOpsError.self) {
            try ImageInputDecoder(framing: .centered(share: 0)).image(from: bytes, width: 4, height: 4)
        }
        #expect(try CanonicalJSON.decode(ImageInputDecoder.self, from: CanonicalJSON.encode(input)) == input)
    }
}
