internal import CImageCodecs
internal import MLOpsCore

/// An encoded picture whose header was read and found to be within the limits; it is read once, and then decoded or not.
struct OpenedPicture: ~Copyable {
    let header: ImageDecoder.Header
    private let bytes: UnsafeRawBufferPointer
    /// What libjpeg holds; `nil` for another format.
    private let jpeg: OpaquePointer?
    /// The header of a PNM; `nil` for another format.
    private let map: PortableMap?

    /// Reads the header; allocates nothing that depends on the sizes. `bytes` must outlive the value.
    init(_ bytes: UnsafeRawBufferPointer, within limits: ImageDecoder) throws {
        guard bytes.count <= limits.maxBytes else {
            throw MLOpsError(
                .limitExceeded, "The picture has \(bytes.count) bytes; the limit is \(limits.maxBytes).",
                help: "Raise maxBytes, or send a smaller file.")
        }
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            throw MLOpsError(.corruptData, "The picture has no bytes.", help: "Check the file: it is empty.")
        }
        guard let format = ImageFormat.detect(in: bytes) else {
            let first = bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: " ")
            throw MLOpsError(
                .corruptData, "The \(bytes.count) bytes are no picture; they begin with \(first).",
                help: "Give a JPEG, a PNG or a PNM.")
        }
        var (width, height) = (UInt32(0), UInt32(0))
        var opened: OpaquePointer?
        var map: PortableMap?
        let source = start.assumingMemoryBound(to: UInt8.self)
        switch format {
        case .jpeg: try Self.call(format) { codec_jpeg_open(source, bytes.count, &opened, &width, &height, $0) }
        case .png: try Self.call(format) { codec_png_header(source, bytes.count, &width, &height, $0) }
        case .pnm:
            let found = try PortableMap(bytes)
            (width, height, map) = (UInt32(found.width), UInt32(found.height), found)
        default:
            throw MLOpsError(
                .unsupported, "The picture is \(format), which is not decoded here.",
                help: "Convert it to JPEG or PNG.")
        }
        let orientation = ImageOrientation(in: bytes, format: format)
        let (w, h) = (Int(width), Int(height))
        let (pixels, overflow) = w.multipliedReportingOverflow(by: h)
        guard w <= limits.maxSide, h <= limits.maxSide, !overflow, pixels <= limits.maxPixels else {
            codec_jpeg_close(opened)
            throw MLOpsError(
                .limitExceeded,
                "The \(format) has \(width) × \(height) pixels; the limit is \(limits.maxPixels), "
                    + "and \(limits.maxSide) a side.",
                help: "Raise maxPixels and maxSide, or send a smaller picture.")
        }
        self.bytes = bytes
        jpeg = opened
        self.map = map
        header = ImageDecoder.Header(
            format: format, width: orientation.swapsSides ? h : w, height: orientation.swapsSides ? w : h,
            orientation: orientation)
    }

    deinit { codec_jpeg_close(jpeg) }

    /// Decodes, at 1 / `denominator` of the size, which is 1 for all but JPEG; to be called once.
    func decode(denominator: Int) throws -> Image {
        if let map {
            return Image(width: header.width, height: header.height, checkedPixels: try map.pixels(in: bytes))
        }
        guard let start = bytes.baseAddress else { preconditionFailure("a header was read from no bytes") }
        let sides = [header.width, header.height].map { ($0 + denominator - 1) / denominator }
        let (width, height) = header.orientation.swapsSides ? (sides[1], sides[0]) : (sides[0], sides[1])
        let source = start.assumingMemoryBound(to: UInt8.self)
        let pixels = try [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
            try Self.call(header.format) { message in
                if let jpeg {
                    codec_jpeg_decode(
                        jpeg, UInt32(denominator), buffer.baseAddress, UInt32(width), UInt32(height), message)
                } else {
                    codec_png_decode(
                        source, bytes.count, buffer.baseAddress, UInt32(width), UInt32(height), message)
                }
            }
            count = width * height * 3
        }
        return Image(width: width, height: height, checkedPixels: pixels).turned(header.orientation)
    }

    /// Runs a call of the codec and turns its status into an error.
    private static func call(_ format: ImageFormat, _ body: (UnsafeMutablePointer<CChar>) -> codec_status) throws {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CODEC_MESSAGE_SIZE)) { buffer in
            guard let message = buffer.baseAddress else { return }
            message.initialize(repeating: 0, count: buffer.count)
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
