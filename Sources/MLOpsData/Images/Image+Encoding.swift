internal import CImageCodecs
public import Foundation
internal import MLOpsCore

extension Image {
    /// The picture as a baseline JPEG with chroma at half resolution.
    ///
    /// - Parameter quality: 1…100, on the scale of libjpeg.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for another quality, or sides above 65,500.
    public func jpeg(quality: Int = 90) throws -> Data {
        guard (1...100).contains(quality), width <= 65_500, height <= 65_500 else {
            throw MLOpsError(
                .invalidArgument, "A JPEG of \(width) × \(height) at quality \(quality) can't be written.",
                help: "Give a quality of 1…100, and sides of at most 65,500.")
        }
        return try encoded(.jpeg) { rgb, bytes, count, message in
            codec_jpeg_encode(rgb, UInt32(width), UInt32(height), Int32(quality), bytes, count, message)
        }
    }

    /// The picture as a PNG of 8 bits a channel, without loss.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` for sides that a PNG can't have.
    public func png() throws -> Data {
        guard width <= Int(Int32.max), height <= Int(Int32.max) else {
            throw MLOpsError(
                .invalidArgument, "A PNG of \(width) × \(height) can't be written.", help: "Give sides below 2³¹.")
        }
        return try encoded(.png) { rgb, bytes, count, message in
            codec_png_encode(rgb, UInt32(width), UInt32(height), bytes, count, message)
        }
    }

    private func encoded(
        _ format: ImageFormat,
        _ encode: (
            UnsafePointer<UInt8>?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>,
            UnsafeMutablePointer<CChar>
        ) -> codec_status
    ) throws -> Data {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { free(bytes) }
        var message = [CChar](repeating: 0, count: Int(CODEC_MESSAGE_SIZE))
        let status = pixels.withUnsafeBufferPointer { encode($0.baseAddress, &bytes, &count, &message) }
        guard status == CODEC_OK, let bytes else {
            let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw MLOpsError(status, format, text)
        }
        return Data(bytes: bytes, count: count)
    }
}
