/// Walks over the fields of messages without having all of them in memory.
///
/// Source: "Protocol Buffers: Encoding", https://protobuf.dev/programming-guides/encoding/.
struct WireCursor {
    /// A field: its number, how it is encoded, and where its content lies, without the length that precedes it.
    struct Field {
        /// How a field is encoded.
        enum Encoding: UInt64 { case varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 }
        let number: Int
        let encoding: Encoding
        let content: Range<Int>
    }

    /// A varint of 64 bits has at most as many bytes.
    private static let longestVarint = 10
    /// Bytes that are read at a time.
    private static let windowCount = 1 << 14

    /// Where the next field begins.
    private(set) var position: Int
    private let bytes: ModelBytes
    private var window: [UInt8] = []
    private var windowStart = 0

    /// Begins at a place.
    init(_ bytes: ModelBytes, at position: Int = 0) { (self.bytes, self.position) = (bytes, position) }

    /// The next field of a message that ends at a place; `nil` when what is there is no field.
    mutating func next(before end: Int) throws -> Field? {
        guard let key = try varint(before: end), let encoding = Field.Encoding(rawValue: key & 7),
            let number = Int(exactly: key >> 3), number > 0
        else { return nil }
        let start = position
        switch encoding {
        case .varint: guard try varint(before: end) != nil else { return nil }
        case .fixed64: position += 8
        case .fixed32: position += 4
        case .bytes:
            guard let length = try varint(before: end), length <= UInt64(end - position) else { return nil }
            let content = position..<position + Int(length)
            position = content.upperBound
            return Field(number: number, encoding: encoding, content: content)
        }
        return position <= end ? Field(number: number, encoding: encoding, content: start..<position) : nil
    }

    /// Goes to a place.
    mutating func move(to place: Int) { position = place }

    /// A copy of some bytes.
    mutating func copy(_ range: Range<Int>) throws -> [UInt8] {
        guard range.count <= Self.windowCount else { return try bytes.bytes(range) }
        try show(range)
        return Array(window[range.lowerBound - windowStart..<range.upperBound - windowStart])
    }

    private mutating func show(_ range: Range<Int>) throws {
        if range.lowerBound >= windowStart, range.upperBound <= windowStart + window.count { return }
        windowStart = range.lowerBound
        window = try bytes.bytes(windowStart..<min(windowStart + Self.windowCount, bytes.count))
    }

    private mutating func varint(before end: Int) throws -> UInt64? {
        var value: UInt64 = 0
        for shift in 0..<Self.longestVarint {
            guard position < end else { return nil }
            try show(position..<position + 1)
            let byte = window[position - windowStart]
            position += 1
            value |= UInt64(byte & 0x7F) << UInt64(7 * shift)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
