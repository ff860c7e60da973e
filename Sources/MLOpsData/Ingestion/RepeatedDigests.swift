internal import MLOpsCore

/// The first record of each digest that several have, told while records come in order.
///
/// A first look at all digests finds those that may come twice, in 8 bytes each, so that the rest need not be kept.
struct RepeatedDigests {
    /// The look at all digests, in any order.
    struct Survey {
        fileprivate var prefixes: [UInt64] = []

        /// - Parameter count: about how many there will be.
        init(count: Int) { prefixes.reserveCapacity(count) }

        mutating func add(_ digest: Digest.Key) { prefixes.append(digest.prefix) }
    }

    private struct First {
        var id: String
        var label: String?
    }

    /// The prefixes that came more than once; two digests may share one, which costs an entry too many.
    private let prefixes: Set<UInt64>
    private var firsts: [Digest.Key: First] = [:]

    init(_ survey: consuming Survey) {
        survey.prefixes.sort()
        prefixes = Set(zip(survey.prefixes, survey.prefixes.dropFirst()).lazy.filter { $0 == $1 }.map(\.0))
    }

    /// The record that had the digest of this one before it; `nil` when this is the first.
    mutating func first(_ entry: DatasetEntry) -> (id: String, label: String?)? {
        let key = entry.digest.key
        guard prefixes.contains(key.prefix) else { return nil }
        if let first = firsts[key] { return (first.id, first.label) }
        firsts[key] = First(id: entry.id, label: entry.label)
        return nil
    }
}

extension Digest {
    /// The 32 bytes in place, for tables of many.
    struct Key: Hashable {
        private let words: (UInt64, UInt64, UInt64, UInt64)

        /// - Parameter bytes: the 32 bytes.
        init(_ bytes: ArraySlice<UInt8>) {
            func word(_ i: Int) -> UInt64 {
                let start = bytes.startIndex + 8 * i
                return bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
            }
            words = (word(0), word(1), word(2), word(3))
        }

        /// The first 8 bytes.
        var prefix: UInt64 { words.0 }

        static func == (a: Key, b: Key) -> Bool { a.words == b.words }
        // A SHA-256 is as good a hash as any part of it.
        func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
    }

    var key: Key { Key(bytes[...]) }
}
