internal import Crypto
public import Foundation

/// The SHA-256 of some bytes: the identity of everything that has a version.
public struct Digest: Hashable, Sendable, Comparable {
    /// The number of bytes of a SHA-256.
    public static let byteCount = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The digest of the given bytes.
    public init(of bytes: some DataProtocol) {
        self.bytes = Array(SHA256.hash(data: bytes))
    }

    /// The digest of the canonical JSON of a value; see ``CanonicalJSON``.
    public init(ofJSON value: some Encodable) throws {
        self.init(of: try CanonicalJSON.encode(value))
    }

    /// The digest of a file, read in pieces of 1 MiB.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when the file can't be opened, `storage` when it can't be read.
    public init(ofFile url: URL) throws {
        let handle: FileHandle
        do { handle = try FileHandle(forReadingFrom: url) } catch {
            throw MLOpsError(
                .notFound, "Can't open \(url.path).", help: "Check that the file exists and is readable.", cause: error)
        }
        defer { try? handle.close() }
        var digester = Digester()
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { digester.update(piece) }
        } catch {
            throw MLOpsError(.storage, "Can't read \(url.path).", help: "Check the disk and try again.", cause: error)
        }
        self = digester.finalize()
    }

    /// The digest whose 32 bytes are given; `nil` for another number of bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// Parses 64 hexadecimal digits, with or without the prefix `sha256:`; `nil` for anything else.
    public init?(hex: String) {
        let digits = Array((hex.hasPrefix("sha256:") ? String(hex.dropFirst(7)) : hex).utf8)
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes = [UInt8]()
        bytes.reserveCapacity(Self.byteCount)
        for i in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.nibble(digits[i]), let low = Self.nibble(digits[i + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    fileprivate init(digest: SHA256.Digest) { bytes = Array(digest) }

    /// The 64 hexadecimal digits, in lower case.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text = [UInt8]()
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The first 12 hexadecimal digits, for people.
    public var short: String { String(hex.prefix(12)) }

    /// Orders digests by their bytes.
    public static func < (a: Digest, b: Digest) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Digest: CustomStringConvertible {
    /// `sha256:` and the 64 hexadecimal digits, as OCI and in-toto write a digest.
    public var description: String { "sha256:" + hex }
}

extension Digest: Codable {
    /// Reads the text that ``description`` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hex: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no SHA-256")
        }
        self = digest
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Computes a ``Digest`` from bytes that come in pieces.
public struct Digester: Sendable {
    private var hash = SHA256()

    /// Starts with no bytes.
    public init() {}

    /// Takes in the next bytes.
    public mutating func update(_ bytes: some DataProtocol) { hash.update(data: bytes) }

    /// The digest of all bytes so far.
    public func finalize() -> Digest { Digest(digest: hash.finalize()) }
}
