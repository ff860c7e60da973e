internal import Foundation

/// Ids of runs: UUIDs of version 7, so that they sort by time (RFC 9562, section 5.7).
enum RunIdentifier {
    /// An id for a run that starts now; 74 of its bits are random.
    static func make(at now: Date, using generator: inout some RandomNumberGenerator) -> String {
        let time = UInt64(max(0, now.milliseconds)) & 0xFFFF_FFFF_FFFF
        let high = time << 16 | 0x7000 | generator.next() & 0x0FFF
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let hex = [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        var (parts, rest) = ([Substring](), Substring(hex))
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }
}
