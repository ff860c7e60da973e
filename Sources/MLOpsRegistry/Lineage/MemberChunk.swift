internal import Foundation
internal import GRDB
internal import MLOpsCore

/// Up to 128 sorted digests in one blob of 4 KiB, found by the first of them.
enum MemberChunk {
    private static let capacity = 128

    static func insert(_ sorted: [Digest], batch: Int64, into db: Database) throws {
        for start in stride(from: 0, to: sorted.count, by: capacity) {
            let chunk = sorted[start..<min(start + capacity, sorted.count)]
            try db.run(
                "INSERT INTO member_chunk (batch, first, digests) VALUES (?, ?, ?)",
                [batch, Data(sorted[start].bytes), Data(chunk.flatMap(\.bytes))])
        }
    }

    /// Whether the sorted digests of a chunk hold one, by bisection.
    static func contains(_ digest: Digest, in chunk: Data) -> Bool {
        let bytes = [UInt8](chunk)
        var (low, high) = (0, bytes.count / Digest.byteCount)
        while low < high {
            let middle = (low + high) / 2
            let found = bytes[middle * Digest.byteCount..<(middle + 1) * Digest.byteCount]
            if found.elementsEqual(digest.bytes) { return true }
            if found.lexicographicallyPrecedes(digest.bytes) { low = middle + 1 } else { high = middle }
        }
        return false
    }

    /// The digests of a chunk.
    static func digests(in chunk: Data) -> [Digest] {
        let bytes = [UInt8](chunk)
        return stride(from: 0, through: bytes.count - Digest.byteCount, by: Digest.byteCount).compactMap {
            Digest(bytes: bytes[$0..<$0 + Digest.byteCount])
        }
    }
}
