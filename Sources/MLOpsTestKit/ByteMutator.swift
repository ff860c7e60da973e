public import Foundation
internal import MLOpsCore

/// Damages bytes as files are damaged and as attackers write them: the same way for the same seed.
///
/// A reader of an open format is fed with the results; it may throw, and may give what it could read, but neither
/// traps nor takes memory beyond its settings.
public struct ByteMutator: Sendable {
    private var generator: SeededGenerator
    private let tokens: [Data]
    private let maxBytes: Int

    /// Makes a mutator.
    ///
    /// - Parameters:
    ///   - tokens: texts that mean something in the format, such as quotes and brackets; they are strewn in.
    ///   - maxBytes: the most bytes of a result.
    public init(seed: UInt64, tokens: [String] = [], maxBytes: Int = 1 << 16) {
        generator = SeededGenerator(seed: seed)
        self.tokens = tokens.map { Data($0.utf8) }
        self.maxBytes = maxBytes
    }

    /// The number of damaged files that a test should try: `MLOPS_FUZZ` in the environment, or 300.
    public static var count: Int { ProcessInfo.processInfo.environment["MLOPS_FUZZ"].flatMap { Int($0) } ?? 300 }

    /// One to four changes of the bytes: bits turned, bytes replaced, pieces cut out, doubled or moved, tokens strewn in,
    /// the end cut off.
    public mutating func mutated(_ bytes: Data) -> Data {
        var result = bytes
        for _ in 0...generator.integer(below: 4) { change(&result) }
        return result.prefix(maxBytes)
    }

    private mutating func change(_ bytes: inout Data) {
        let place = generator.integer(below: bytes.count + 1)
        let piece = piece(of: bytes)
        switch generator.integer(below: 7) {
        case 0 where place < bytes.count: bytes[bytes.startIndex + place] ^= 1 << UInt8(generator.integer(below: 8))
        case 1 where place < bytes.count:
            bytes[bytes.startIndex + place] =
                [0, 0xFF, 0x7F, 0x80, UInt8(generator.integer(below: 256))][
                    generator.integer(below: 5)]
        case 2: bytes.removeSubrange(piece)
        case 3 where bytes.count < maxBytes: bytes.insert(contentsOf: bytes[piece], at: bytes.startIndex + place)
        case 4:
            let moved = bytes[piece]
            bytes.removeSubrange(piece)
            bytes.insert(contentsOf: moved, at: bytes.startIndex + min(place, bytes.count))
        case 5 where !tokens.isEmpty:
            bytes.insert(contentsOf: tokens[generator.integer(below: tokens.count)], at: bytes.startIndex + place)
        default: bytes = bytes.prefix(place)
        }
    }

    /// A place of random size, more often short than long.
    private mutating func piece(of bytes: Data) -> Range<Int> {
        let start = bytes.startIndex + generator.integer(below: bytes.count + 1)
        let longest = min(bytes.endIndex - start, 1 << generator.integer(below: 12))
        return start..<start + generator.integer(below: longest + 1)
    }
}
