internal import MLOpsCore

/// The header of a portable gray or color map of bytes (`P5`, `P6`), and where its pixels are.
///
/// Source: the Netpbm manual, "pgm" and "ppm", https://netpbm.sourceforge.net/doc/ppm.html.
struct PortableMap {
    let width: Int
    let height: Int
    private let isGray: Bool
    private let maximum: Int
    private let start: Int

    /// Reads the header.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        isGray = bytes.count > 1 && bytes[1] == UInt8(ascii: "5")
        var position = 2
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        func number() throws -> Int {
            while position < bytes.count, isSpace(bytes[position]) || bytes[position] == UInt8(ascii: "#") {
                if bytes[position] == UInt8(ascii: "#") {
                    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
                } else {
                    position += 1
                }
            }
            var (value, digits) = (0, 0)
            while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]), digits < 9
            {
                value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
                digits += 1
                position += 1
            }
            guard digits > 0, position < bytes.count, isSpace(bytes[position]) || bytes[position] == UInt8(ascii: "#")
            else {
                throw MLOpsError(
                    .corruptData, "The PNM can't be decoded: its header has no number at byte \(position).",
                    help: "The file is truncated or damaged; get it again from where it came.")
            }
            return value
        }
        width = try number()
        height = try number()
        maximum = try number()
        start = position + 1
        guard width >= 1, height >= 1 else {
            throw MLOpsError(
                .corruptData, "The PNM can't be decoded: it has \(width) × \(height) pixels.",
                help: "The file is damaged; get it again from where it came.")
        }
        guard (1...255).contains(maximum) else {
            throw MLOpsError(
                .unsupported, "The PNM is of a kind that is not decoded here: its greatest value is \(maximum).",
                help: "Convert it to one of 8 bits.")
        }
    }

    /// The pixels [height, width, 3]; the sizes were found to be within limits.
    func pixels(in bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        let count = width * height * (isGray ? 1 : 3)
        guard bytes.count - start >= count else {
            throw MLOpsError(
                .corruptData, "The PNM has \(max(0, bytes.count - start)) bytes of pixels, not \(count).",
                help: "The file is truncated; get it again from where it came.")
        }
        let table = (0..<256).map { UInt8((min($0, maximum) * 510 + maximum) / (2 * maximum)) }
        let values = bytes[start..<start + count]
        return isGray ? values.flatMap { [UInt8](repeating: table[Int($0)], count: 3) } : values.map { table[Int($0)] }
    }
}
