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

    @Test("A portable map decodes as its pixels, with comments, other greatest values and in gray") func decodesPNM()
        throws
    {
        for name in ["original", "cubic-9x8"] {
            #expect(try decoder.decode(Fixture.bytes("images/\(name).ppm")) == Fixture.pixmap("images/\(name).ppm"))
        }
        let gray = try decoder.decode(Data("P5 # made by hand\n2\t1 #\n 100\n".utf8) + [50, 100])
        #expect(gray.pixels == [128, 128, 128, 255, 255, 255])
        for (text, code) in [
            ("P6 2 1 255\nabcde", MLOpsError.Code.corruptData), ("P6 2 1 65535\nabcdef", .unsupported),
            ("P6 2", .corruptData),
            ("P6 0 1 255\n", .corruptData), ("P6 60000 60000 255\n", .limitExceeded), ("P6 x", .corruptData),
            ("P6 99999999999 1 255\n", .corruptData),
        ] {
            let error = #expect(throws: MLOpsError.self, "\(text)") { try decoder.decode(Data(text.utf8)) }
            #expect(error?.code == code, "\(text)")
        }
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

    @Test(
        "A large JPEG, decoded at a coarser scale, looks like one decoded in full, however it is turned",
        arguments: 1...8)
    func decodesScaledWithoutLoss(orientation: UInt8) throws {
        var bytes = try [UInt8](Fixture.landscape(width: 451, height: 373).jpeg(quality: 90))
        let exif: [UInt8] =
            [0xFF, 0xE1, 0, 34] + Array("Exif\0\0II*\0".utf8) + [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0]
            + [orientation, 0, 0, 0, 0, 0, 0, 0]
        bytes.insert(contentsOf: exif, at: 2)
        let full = try decoder.decode(bytes)
        #expect(try decoder.header(of: bytes).orientation.rawValue == Int(orientation))
        for filter in ResizeFilter.allCases {
            for (size, isExact) in [(64, false), (84, false), (88, false), (130, false), (300, true)] {
                let image = try ImageInputDecoder(filter: filter).image(from: bytes, width: size, height: size)
                let wanted = try full.resized(width: size, height: size, filter: filter)
                let difference = try image.difference(to: wanted)
                #expect(difference.largest <= 24 && difference.mean < 0.8, "at \(size) by \(filter): \(difference)")
                #expect((difference.largest == 0) == isExact, "at \(size) by \(filter)")
            }
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
