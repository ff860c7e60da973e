internal import CImageCodecs
public import Foundation
internal import MLOpsCore

/// Decodes JPEG and PNG, upright, to red, green and blue.
///
/// JPEG: baseline and progressive; gray, YCbCr, RGB, CMYK and YCCK (inverted, as Adobe writes them). PNG: every color
/// type and depth; alpha is dropped, and of 16 bits the upper 8 stay. The Exif orientation is applied to both. The
/// format is told by the bytes. A JPEG that lacks some of its data is refused, not filled with gray.
public struct ImageDecoder: Sendable, Hashable {
    /// The most bytes that an encoded picture may have.
    public var maxBytes: Int
    /// The most pixels that a picture may have by its header.
    public var maxPixels: Int
    /// The most pixels that a picture may have along a side.
    public var maxSide: Int

    /// Makes a decoder with limits, which are checked before memory is taken.
    public init(maxBytes: Int = 64 << 20, maxPixels: Int = 100_000_000, maxSide: Int = 65_500) {
        self.maxBytes = maxBytes
        self.maxPixels = maxPixels
        self.maxSide = maxSide
    }

    /// What a picture's header says of it.
    public struct Header: Sendable, Hashable {
        /// The format.
        public var format: ImageFormat
        /// Pixels across, when upright.
        public var width: Int
        /// Pixels down, when upright.
        public var height: Int
        /// How the stored picture is to be turned.
        public var orientation: ImageOrientation
    }

    /// Reads the header and checks it against the limits; allocates nothing that depends on the sizes.
    ///
    /// - Throws: ``MLOpsError`` with `corruptData`, `unsupported` (the format found is named) or `limitExceeded`.
    public func header(of bytes: some ContiguousBytes) throws -> Header {
        try bytes.withUnsafeBytes { try header(of: $0) }
    }

    /// Decodes a picture.
    ///
    /// - Parameter minimum: the least width and height that will do. A JPEG that is at least twice, four times or
    ///   eight times as large is decoded at 1/2, 1/4 or 1/8, which is faster; `nil` decodes in full.
    /// - Throws: ``MLOpsError`` with `corruptData`, `unsupported` (the format found is named) or `limitExceeded`.
    public func decode(
        _ bytes: some ContiguousBytes, atLeast minimum: (width: Int, height: Int)? = nil
    ) throws -> Image {
        try bytes.withUnsafeBytes { try decode($0, atLeast: minimum) }
    }

    private func header(of bytes: UnsafeRawBufferPointer) throws -> Header {
        guard bytes.count <= maxBytes else {
            throw MLOpsError(
                .limitExceeded, "The picture has \(bytes.count) bytes; the limit is \(maxBytes).",
                help: "Raise maxBytes, or send a smaller file.")
        }
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            throw MLOpsError(.corruptData, "The picture has no bytes.", help: "Check the file: it is empty.")
        }
        guard let format = ImageFormat.detect(in: bytes) else {
            let first = bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: " ")
            throw MLOpsError(
                .corruptData, "The \(bytes.count) bytes are no picture; they begin with \(first).",
                help: "Give a JPEG or a PNG.")
        }
        var width: UInt32 = 0
        var height: UInt32 = 0
        let source = start.assumingMemoryBound(to: UInt8.self)
        switch format {
        case .jpeg: try call(format) { codec_jpeg_header(source, bytes.count, &width, &height, $0) }
        case .png: try call(format) { codec_png_header(source, bytes.count, &width, &height, $0) }
        default:
            throw MLOpsError(
                .unsupported, "The picture is \(format), which is not decoded here.",
                help: "Convert it to JPEG or PNG.")
        }
        let (pixels, overflow) = Int(width).multipliedReportingOverflow(by: Int(height))
        guard width <= maxSide, height <= maxSide, !overflow, pixels <= maxPixels else {
            throw MLOpsError(
                .limitExceeded,
                "The \(format) has \(width) × \(height) pixels; the limit is \(maxPixels), and \(maxSide) a side.",
                help: "Raise maxPixels and maxSide, or send a smaller picture.")
        }
        let orientation = ImageOrientation(in: bytes, format: format)
        let (w, h) = (Int(width), Int(height))
        return Header(
            format: format, width: orientation.swapsSides ? h : w, height: orientation.swapsSides ? w : h,
            orientation: orientation)
    }

    private func decode(
        _ bytes: UnsafeRawBufferPointer, atLeast minimum: (width: Int, height: Int)?
    ) throws -> Image {
        let header = try header(of: bytes)
        guard let start = bytes.baseAddress else { preconditionFailure("a header was read from no bytes") }
        let source = start.assumingMemoryBound(to: UInt8.self)
        var denominator = 1
        if header.format == .jpeg, let minimum {
            denominator =
                [8, 4, 2].first { header.width / $0 >= minimum.width && header.height / $0 >= minimum.height } ?? 1
        }
        let sides = [header.width, header.height].map { ($0 + denominator - 1) / denominator }
        let (width, height) = header.orientation.swapsSides ? (sides[1], sides[0]) : (sides[0], sides[1])
        let pixels = try [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
            try call(header.format) { message in
                header.format == .jpeg
                    ? codec_jpeg_decode(
                        source, bytes.count, UInt32(denominator), buffer.baseAddress, UInt32(width), UInt32(height),
                        message)
                    : codec_png_decode(
                        source, bytes.count, buffer.baseAddress, UInt32(width), UInt32(height), message)
            }
            count = width * height * 3
        }
        return try Image(width: width, height: height, pixels: pixels).turned(header.orientation)
    }

    /// Runs a call of the codec and turns its status into an error.
    private func call(_ format: ImageFormat, _ body: (UnsafeMutablePointer<CChar>) -> codec_status) throws {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CODEC_MESSAGE_SIZE)) { buffer in
            buffer.initialize(repeating: 0)
            guard let message = buffer.baseAddress else { return }
            let status = body(message)
            if status != CODEC_OK { throw MLOpsError(status, format, String(cString: message)) }
        }
    }
}

extension MLOpsError {
    /// The error for a codec's status.
    init(_ status: codec_status, _ format: ImageFormat, _ message: String) {
        switch status {
        case CODEC_NO_MEMORY:
            self.init(
                .limitExceeded, "There is no memory for the \(format).", help: "Lower maxPixels, or free some memory.")
        case CODEC_UNSUPPORTED:
            self.init(
                .unsupported, "The \(format) is of a kind that is not decoded here: \(message).",
                help: "Convert it to a baseline or progressive JPEG of 8 bits.")
        default:
            self.init(
                .corruptData, "The \(format) can't be decoded: \(message).",
                help: "The file is truncated or damaged; get it again from where it came.")
        }
    }
}
