import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("Cutting a Motion JPEG stream") struct MotionJPEGParserTests {
    /// A stream of frames, as a camera sends it.
    private func stream(_ frames: [Data], withLength: Bool, lineEnd: String = "\r\n", close: Bool = true) -> Data {
        var bytes = Data("preamble\(lineEnd)".utf8)
        for frame in frames {
            bytes += Data("--frame\(lineEnd)Content-Type: image/jpeg\(lineEnd)".utf8)
            if withLength { bytes += Data("content-length: \(frame.count)\(lineEnd)".utf8) }
            bytes += Data(lineEnd.utf8) + frame + Data(lineEnd.utf8)
        }
        return bytes + Data((close ? "--frame--\(lineEnd)" : "--frame\(lineEnd)").utf8)
    }

    private func frames() throws -> [Data] {
        try (0..<3).map { try Fixture.painted(width: 20 + $0, height: 10, seed: $0).jpeg() }
    }

    @Test("Frames come out whole, however the bytes are cut", arguments: [true, false], ["\r\n", "\n"])
    func cutsAnywhere(withLength: Bool, lineEnd: String) throws {
        let frames = try frames()
        let bytes = stream(frames, withLength: withLength, lineEnd: lineEnd)
        for size in [1, 2, 3, 7, 64, 1000, bytes.count] {
            var parser = try MotionJPEGParser(boundary: "frame")
            var found: [Data] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                found += try parser.feed(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(found == frames)
            #expect(parser.isAtEnd)
        }
    }

    @Test("A part that is no JPEG is passed over") func skipsOtherParts() throws {
        let frames = try frames()
        var bytes = Data("--frame\r\nContent-Type: text/plain\r\n\r\nhello\r\n".utf8)
        bytes += stream(frames, withLength: true)
        var parser = try MotionJPEGParser(boundary: "--frame")
        #expect(try parser.feed(bytes) == frames)
    }

    @Test("A stream that never ends a frame or its headers is refused, not kept") func boundsMemory() throws {
        let endless = Data(repeating: 7, count: 5000)
        var parser = try MotionJPEGParser(boundary: "frame", maxFrameBytes: 4000, maxHeaderBytes: 1000)
        _ = try parser.feed(Data("--frame\r\n\r\n".utf8))
        let error = #expect(throws: MLOpsError.self) { try parser.feed(endless) }
        #expect(error?.code == .limitExceeded)
        for start in ["--frame\r\n", "--frame", "--frame\r\nContent-Length: x\r\n", "--frame\r\nnonsense\r\n"] {
            var parser = try MotionJPEGParser(boundary: "frame", maxFrameBytes: 4000, maxHeaderBytes: 1000)
            let error = #expect(throws: MLOpsError.self, "\(start)") { try parser.feed(Data(start.utf8) + endless) }
            #expect(error?.code == .corruptData)
        }
        var lengthy = try MotionJPEGParser(boundary: "frame", maxFrameBytes: 4000)
        #expect(throws: MLOpsError.self) { try lengthy.feed(Data("--frame\r\nContent-Length: 4001\r\n".utf8)) }
    }

    @Test("The boundary is read from the Content-Type") func readsBoundary() {
        let boundary = MotionJPEGParser.boundary(ofContentType:)
        #expect(boundary("multipart/x-mixed-replace;boundary=frame") == "frame")
        #expect(boundary("Multipart/X-Mixed-Replace; Boundary=\"--my b\"; x=y") == "--my b")
        #expect(boundary("image/jpeg; boundary=frame") == nil)
        #expect(boundary("multipart/x-mixed-replace") == nil)
        #expect(throws: MLOpsError.self) { try MotionJPEGParser(boundary: "--") }
    }
}
