internal import MLOpsCore

/// Reads what ``ByteWriter`` wrote, from bytes that may be damaged.
///
/// Every method throws ``MLOpsError`` with `corruptData` where the bytes end too early or are of another spelling.
struct ByteReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0
    private let source: String

    /// - Parameter source: where the bytes come from; named in errors.
    init(_ bytes: [UInt8], source: String) {
        self.bytes = bytes
        self.source = source
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws -> UInt8 {
        guard position < bytes.count else { throw corrupt("ends too early") }
        position += 1
        return bytes[position - 1]
    }

    mutating func number() throws -> Int {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw corrupt("has a number with a needless byte") }
                return Int(value)
            }
        }
        throw corrupt("has a number of more than 63 bits")
    }

    mutating func fixed() throws -> Int64 {
        try take(8).reversed().reduce(into: Int64(0)) { $0 = $0 << 8 | Int64($1) }
    }

    mutating func text() throws -> String { try text(of: number()) }

    mutating func digest() throws -> Digest {
        guard let digest = Digest(bytes: try take(Digest.byteCount)) else { throw corrupt("has no digest") }
        return digest
    }

    mutating func entry() throws -> DatasetEntry {
        let id = try text()
        let digest = try digest()
        let labelCount = try number()
        let label = labelCount == 0 ? nil : try text(of: labelCount - 1)
        var attributes: [String: String] = [:]
        var last: String?
        for _ in 0..<(try number()) {
            let (name, value) = (try text(), try text())
            if let last, !last.utf8.lexicographicallyPrecedes(name.utf8) {
                throw corrupt("has attributes out of order")
            }
            guard attributes.updateValue(value, forKey: name) == nil else { throw corrupt("has an attribute twice") }
            last = name
        }
        return DatasetEntry(id: id, digest: digest, label: label, attributes: attributes)
    }

    /// Passes over an entry; returns the bytes of its id and of its digest.
    mutating func skipEntry() throws -> (id: ArraySlice<UInt8>, digest: ArraySlice<UInt8>) {
        let id = try take(number())
        let digest = try take(Digest.byteCount)
        _ = try take(max(0, number() - 1))
        for _ in 0..<(try number()) {
            _ = try take(number())
            _ = try take(number())
        }
        return (id, digest)
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw corrupt("ends too early") }
        position += count
        return bytes[(position - count)..<position]
    }

    func corrupt(_ what: String) -> MLOpsError {
        MLOpsError(
            .corruptData, "\(source) \(what), at byte \(position) of \(bytes.count).",
            help: "It was damaged or changed; run fsck, and restore it from a copy.")
    }

    private mutating func text(of count: Int) throws -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else { throw corrupt("has broken UTF-8") }
        return text
    }
}
