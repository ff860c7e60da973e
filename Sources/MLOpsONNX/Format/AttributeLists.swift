/// The lists of an attribute with many elements, such as the nodes of trees, read at once.
///
/// Source: "Protocol Buffers: Encoding", https://protobuf.dev/programming-guides/encoding/: a list is a field for each
/// element, or one field of all.
struct AttributeLists {
    private(set) var ints: [Int] = []
    private(set) var floats: [Float] = []
    private(set) var strings: [String] = []
    /// All other fields of the attribute.
    private(set) var rest: [UInt8] = []

    private enum Field { static let floats: UInt64 = 7, ints: UInt64 = 8, strings: UInt64 = 9 }

    /// Reads an attribute's message; `nil` when it is none, or a string is not text in UTF-8.
    init?(_ message: [UInt8]) {
        let isRead = message.withUnsafeBytes { bytes in
            var reader = Reader(bytes: bytes, end: bytes.count)
            while reader.position < reader.end {
                guard take(&reader) else { return false }
            }
            return true
        }
        guard isRead else { return nil }
    }

    private mutating func take(_ reader: inout Reader) -> Bool {
        let start = reader.position
        guard let key = reader.varint(), key >> 3 != 0 else { return false }
        switch (key >> 3, key & 7) {
        case (Field.ints, 0):
            reader.position = start
            return reader.run(key: key, into: &ints) { $0.varint().map { Int(truncatingIfNeeded: $0) } }
        case (Field.floats, 5):
            reader.position = start
            return reader.run(key: key, into: &floats) { $0.float() }
        case (Field.ints, 2):
            guard var packed = reader.part() else { return false }
            while packed.position < packed.end {
                guard let value = packed.varint() else { return false }
                ints.append(Int(truncatingIfNeeded: value))
            }
        case (Field.floats, 2):
            guard var packed = reader.part(), (packed.end - packed.position) % 4 == 0 else { return false }
            while let value = packed.float() { floats.append(value) }
        case (Field.strings, 2):
            guard let part = reader.part(), let text = part.text else { return false }
            strings.append(text)
        default:
            guard reader.skip(key & 7) else { return false }
            rest += reader.bytes[start..<reader.position]
        }
        return true
    }

    /// Reads bytes one field after another.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var position = 0
        let end: Int

        mutating func varint() -> UInt64? {
            guard position < end else { return nil }
            let first = bytes[position]
            if first < 0x80 {
                position += 1
                return UInt64(first)
            }
            var value: UInt64 = 0
            // A varint of 64 bits has at most ten bytes.
            for shift in 0..<10 {
                guard position < end else { return nil }
                let byte = bytes[position]
                position += 1
                value |= UInt64(byte & 0x7F) << UInt64(7 * shift)
                if byte & 0x80 == 0 { return value }
            }
            return nil
        }

        mutating func float() -> Float? {
            guard end - position >= 4 else { return nil }
            defer { position += 4 }
            return Float(
                bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
        }

        /// Appends the numbers of this field and of those after it with the same key, of which most lists consist; false
        /// when the first is cut off.
        @inline(__always)
        mutating func run<Number>(
            key: UInt64, into list: inout [Number], _ number: (inout Reader) -> Number?
        ) -> Bool {
            if list.isEmpty {
                var (ahead, count) = (self, 0)
                while ahead.position < end, ahead.varint() == key, number(&ahead) != nil { count += 1 }
                list.reserveCapacity(count)
            }
            var count = 0
            while position < end {
                let start = position
                guard varint() == key, let value = number(&self) else {
                    position = start
                    return count > 0
                }
                list.append(value)
                count += 1
            }
            return count > 0
        }

        /// The content of a field of bytes.
        mutating func part() -> Reader? {
            guard let length = varint(), length <= UInt64(end - position) else { return nil }
            defer { position += Int(length) }
            return Reader(bytes: bytes, position: position, end: position + Int(length))
        }

        /// The text that the bytes are; `nil` when they are none in UTF-8.
        var text: String? {
            let part = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
            // Validating what is plain anyway would take most of the time.
            if part.allSatisfy({ $0 < 0x80 }) { return String(decoding: part, as: UTF8.self) }
            return String(validating: part, as: UTF8.self)
        }

        /// Passes over the content of a field.
        mutating func skip(_ encoding: UInt64) -> Bool {
            switch encoding {
            case 0: return varint() != nil
            case 1: position += 8
            case 2: return part() != nil
            case 5: position += 4
            default: return false
            }
            return position <= end
        }
    }
}
