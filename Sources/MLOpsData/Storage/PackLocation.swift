internal import Foundation
internal import MLOpsCore

/// Where some bytes lie in the packs.
///
/// Before them stands a frame, so that a pack can be read without the index: `MLpk`, their number in 8 bytes with the
/// lowest first, and their SHA-256.
struct PackLocation: Sendable, Hashable {
    /// The number of the pack.
    var pack: Int
    /// The first byte in the pack.
    var offset: Int
    /// The number of bytes.
    var count: Int

    static let frameCount = 12 + Digest.byteCount
    private static let magic = Data("MLpk".utf8)

    /// The file of a pack.
    static func url(of pack: Int, in folder: URL) -> URL {
        folder.appending(path: String(repeating: "0", count: max(0, 6 - String(pack).count)) + "\(pack).pack")
    }

    /// The number of a pack by its file's name; `nil` for another file.
    static func pack(named name: String) -> Int? { name.hasSuffix(".pack") ? Int(name.dropLast(5)) : nil }

    /// The frame before some bytes.
    static func frame(_ count: Int, _ digest: Digest) -> Data {
        var frame = magic
        withUnsafeBytes(of: UInt64(count).littleEndian) { frame.append(contentsOf: $0) }
        frame.append(contentsOf: digest.bytes)
        return frame
    }

    /// What a frame says; `nil` when it is none.
    static func parse(frame: Data) -> (count: Int, digest: Digest)? {
        guard frame.count == frameCount, frame.starts(with: magic) else { return nil }
        let count = frame.dropFirst(4).prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let count = Int(exactly: count), let digest = Digest(bytes: frame.dropFirst(12)) else { return nil }
        return (count, digest)
    }
}
