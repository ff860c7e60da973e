internal import MLOpsCore

/// Writes the binary form of manifests and scans: one spelling for each value.
struct ByteWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    /// Writes a number of at least 0 as LEB128: seven bits a byte, lowest first, the upper bit set but in the last.
    mutating func write(_ number: Int) {
        var rest = UInt64(bitPattern: Int64(number))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes any 64-bit number in 8 bytes, lowest first.
    mutating func write(fixed number: Int64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(byte: UInt8) { bytes.append(byte) }

    /// Writes the number of UTF-8 bytes, and these.
    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 {
            write($0.count)
            bytes.append(contentsOf: $0)
        }
    }

    mutating func write(_ digest: Digest) { bytes.append(contentsOf: digest.bytes) }

    /// Writes an entry: id, digest, label (0 without one, else the count of its bytes and 1, and these), attributes in
    /// the order of the UTF-8 bytes of their names.
    mutating func write(_ entry: DatasetEntry) {
        write(entry.id)
        write(entry.digest)
        if let label = entry.label {
            write(label.utf8.count + 1)
            bytes.append(contentsOf: label.utf8)
        } else {
            write(0)
        }
        write(entry.attributes.count)
        guard !entry.attributes.isEmpty else { return }
        for (name, value) in entry.attributes.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            write(name)
            write(value)
        }
    }

    /// Forgets all bytes but keeps their memory.
    mutating func clear() { bytes.removeAll(keepingCapacity: true) }
}
