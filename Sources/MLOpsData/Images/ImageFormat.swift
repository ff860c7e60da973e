/// A picture file format, told by the first bytes and never by a file's name.
public struct ImageFormat: Sendable, Hashable, CustomStringConvertible {
    /// The format's usual name.
    public let description: String

    /// ISO/IEC 10918-1.
    public static let jpeg = ImageFormat(description: "JPEG")
    /// ISO/IEC 15948.
    public static let png = ImageFormat(description: "PNG")
    /// Netpbm's portable gray and color maps of bytes, `P5` and `P6`.
    public static let pnm = ImageFormat(description: "PNM")

    /// The format that bytes begin like; `nil` when it is none of those known by name.
    ///
    /// Only JPEG, PNG and PNM are decoded here. The others are known so that an error can name them.
    public static func detect(in bytes: UnsafeRawBufferPointer) -> ImageFormat? {
        func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + signature.count
                && signature.indices.allSatisfy { bytes[offset + $0] == signature[$0] }
        }
        func has(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }
        if has([0xFF, 0xD8, 0xFF]) { return .jpeg }
        if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if has("GIF87a") || has("GIF89a") { return ImageFormat(description: "GIF") }
        if has("RIFF"), has("WEBP", at: 8) { return ImageFormat(description: "WebP") }
        if has("ftyp", at: 4) {
            if has("avif", at: 8) || has("avis", at: 8) { return ImageFormat(description: "AVIF") }
            if has("hei", at: 8) || has("hev", at: 8) || has("mif1", at: 8) { return ImageFormat(description: "HEIF") }
            return ImageFormat(description: "an ISO media file (MP4 or QuickTime)")
        }
        if has("II*\0") || has("MM\0*") { return ImageFormat(description: "TIFF") }
        if has([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]) { return ImageFormat(description: "JPEG 2000") }
        if has([0xFF, 0x0A]) || has([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) {
            return ImageFormat(description: "JPEG XL")
        }
        if has("P5") || has("P6"), bytes.count > 2, bytes[2] == 0x20 || (0x09...0x0D).contains(bytes[2]) { return .pnm }
        if has("BM") { return ImageFormat(description: "BMP") }
        return nil
    }
}
