/// How a stored picture is to be turned to stand upright; the raw value is the Exif tag 0x0112.
///
/// Source: CIPA DC-008 (Exif 2.32), section 4.6.4, tag Orientation.
public enum ImageOrientation: Int, Sendable, Hashable, CaseIterable {
    /// As stored.
    case upright = 1
    /// Mirrored left to right.
    case mirrored = 2
    /// Turned by 180°.
    case upsideDown = 3
    /// Mirrored top to bottom.
    case flipped = 4
    /// Mirrored along the diagonal from the upper left.
    case transposed = 5
    /// To be turned by 90° clockwise.
    case quarterClockwise = 6
    /// Mirrored along the diagonal from the upper right.
    case transversed = 7
    /// To be turned by 90° counterclockwise.
    case quarterCounterclockwise = 8

    /// Whether width and height change places.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Whether the last stored pixels come first in the upright picture's rows, from the left.
    var reversesColumns: Bool { [.mirrored, .upsideDown, .quarterClockwise, .transversed].contains(self) }

    /// Whether the last stored pixels come first in the upright picture's columns, from the top.
    var reversesRows: Bool { [.flipped, .upsideDown, .quarterCounterclockwise, .transversed].contains(self) }

    /// The orientation that a JPEG's or PNG's Exif data states; `upright` when there is none, or none that is valid.
    public init(in bytes: UnsafeRawBufferPointer, format: ImageFormat) {
        let exif =
            switch format {
            case .jpeg: Self.exif(inJPEG: bytes)
            case .png: Self.exif(inPNG: bytes)
            default: nil as UnsafeRawBufferPointer?
            }
        self = exif.flatMap(Self.orientation(inTIFF:)).flatMap(ImageOrientation.init(rawValue:)) ?? .upright
    }

    /// The TIFF structure of the first APP1 segment that begins with `Exif\0\0`.
    private static func exif(inJPEG bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var position = 2
        while position + 4 <= bytes.count {
            guard bytes[position] == 0xFF else {
                position += 1
                continue
            }
            let marker = bytes[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            if marker == 0 || marker == 0x01 || (0xD0...0xD8).contains(marker) {
                position += 2
                continue
            }
            if marker == 0xD9 || marker == 0xDA { return nil }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            let end = position + 2 + length
            guard length >= 2, end <= bytes.count else { return nil }
            if marker == 0xE1, length >= 8, bytes[position + 4..<position + 10].elementsEqual("Exif\0\0".utf8) {
                return UnsafeRawBufferPointer(rebasing: bytes[position + 10..<end])
            }
            position = end
        }
        return nil
    }

    /// The TIFF structure of the `eXIf` chunk.
    private static func exif(inPNG bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var position = 8
        while position + 12 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
            guard length <= bytes.count - position - 12 else { return nil }
            if bytes[position + 4..<position + 8].elementsEqual("eXIf".utf8) {
                return UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + 8 + length])
            }
            position += 12 + length
        }
        return nil
    }

    /// The value of tag 0x0112, a SHORT, in the first directory of a TIFF structure.
    private static func orientation(inTIFF tiff: UnsafeRawBufferPointer) -> Int? {
        guard tiff.count >= 8 else { return nil }
        let isLittleEndian: Bool
        switch (tiff[0], tiff[1]) {
        case (0x49, 0x49): isLittleEndian = true
        case (0x4D, 0x4D): isLittleEndian = false
        default: return nil
        }
        func number(_ offset: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 << 8 | Int(tiff[offset + (isLittleEndian ? size - 1 - $1 : $1)]) }
        }
        let directory = number(4, 4)
        guard directory <= tiff.count - 2 else { return nil }
        for i in 0..<number(directory, 2) {
            let entry = directory + 2 + 12 * i
            guard entry <= tiff.count - 12 else { return nil }
            if number(entry, 2) == 0x0112 { return number(entry + 2, 2) == 3 ? number(entry + 8, 2) : nil }
        }
        return nil
    }
}
