public import Foundation

/// Decodes JPEG, PNG and PNM, upright, to red, green and blue.
///
/// JPEG: baseline and progressive; gray, YCbCr, RGB, CMYK and YCCK (inverted, as Adobe writes them). PNG: every color
/// type and depth; alpha is dropped, and of 16 bits the upper 8 stay. The Exif orientation is applied to both. PNM:
/// gray and color maps of 8 bits. The format is told by the bytes. A JPEG that lacks some of its data is refused, not filled with gray.
public struct ImageDecoder: Sendable, Hashable, Codable {
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
        try bytes.withUnsafeBytes { try OpenedPicture($0, within: self).header }
    }

    /// Decodes a picture.
    ///
    /// - Parameter minimum: the least width and height that will do. A JPEG that is at least twice, four times or
    ///   eight times as large is decoded at 1/2, 1/4 or 1/8, which is faster; `nil` decodes in full.
    /// - Throws: ``MLOpsError`` with `corruptData`, `unsupported` (the format found is named) or `limitExceeded`.
    public func decode(
        _ bytes: some ContiguousBytes, atLeast minimum: (width: Int, height: Int)? = nil
    ) throws -> Image {
        try decodeScaled(bytes, atLeast: minimum).image
    }

    /// Decodes a picture, and says what it is in full and at what scale it was decoded.
    func decodeScaled(
        _ bytes: some ContiguousBytes, atLeast minimum: (width: Int, height: Int)?
    ) throws -> (image: Image, header: Header, denominator: Int) {
        try bytes.withUnsafeBytes { bytes in
            let picture = try OpenedPicture(bytes, within: self)
            let header = picture.header
            var denominator = 1
            if let minimum, header.format == .jpeg {
                denominator =
                    [8, 4, 2].first { header.width / $0 >= minimum.width && header.height / $0 >= minimum.height } ?? 1
            }
            return (try picture.decode(denominator: denominator), header, denominator)
        }
    }
}
