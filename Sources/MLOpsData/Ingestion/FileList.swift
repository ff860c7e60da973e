/// The files of a source, in order, in few bytes each: of a path is kept what differs from the one before it.
///
/// Front coding (Witten, Moffat and Bell, "Managing Gigabytes", 2nd edition, section 4.1): every eighth path is whole,
/// so that any file is found without those before it.
struct FileList: Sendable, RandomAccessCollection {
    /// Files that follow each other; as large as it will be from the beginning, so that nothing is copied to grow.
    private struct Block {
        static let byteCount = 1 << 16
        private static let groupCount = 8

        /// The place of its first file.
        let start: Int
        /// For each file: how many bytes its path shares with the one before it; twice how many follow, and 1 for a
        /// link; and those.
        private(set) var bytes: [UInt8] = []
        private var count = 0
        /// Where each group of files begins.
        private var groups: [UInt32] = []

        init(start: Int) {
            self.start = start
            bytes.reserveCapacity(Self.byteCount)
        }

        mutating func append(_ path: [UInt8], isLink: Bool, behind last: [UInt8]) {
            var shared = 0
            if count % Self.groupCount == 0 {
                groups.append(UInt32(bytes.count))
            } else {
                while shared < Swift.min(path.count, last.count), path[shared] == last[shared] { shared += 1 }
            }
            append(shared)
            append((path.count - shared) << 1 | (isLink ? 1 : 0))
            bytes.append(contentsOf: path[shared...])
            count += 1
        }

        func file(at position: Int) -> (path: [UInt8], isLink: Bool) {
            let index = position - start
            var place = Int(groups[index / Self.groupCount])
            var (path, isLink) = ([UInt8](), false)
            for _ in 0...(index % Self.groupCount) {
                let (shared, rest) = (number(at: &place), number(at: &place))
                path.replaceSubrange(shared..., with: bytes[place..<(place + rest >> 1)])
                place += rest >> 1
                isLink = rest & 1 == 1
            }
            return (path, isLink)
        }

        /// Writes a number, seven bits a byte, the lowest first.
        private mutating func append(_ number: Int) {
            var rest = number
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }

        private func number(at place: inout Int) -> Int {
            var (number, shift) = (0, 0)
            while true {
                let byte = Int(bytes[place])
                place += 1
                number |= (byte & 0x7F) << shift
                if byte < 0x80 { return number }
                shift += 7
            }
        }
    }

    private var blocks: [Block] = []
    private var failures: [Int: String] = [:]
    private var last: [UInt8] = []

    var startIndex: Int { 0 }
    private(set) var endIndex = 0

    subscript(position: Int) -> SourceFile {
        let file = block(of: position).file(at: position)
        return SourceFile(
            id: String(decoding: file.path, as: UTF8.self), isLink: file.isLink, failure: failures[position])
    }

    mutating func append(_ file: SourceFile) {
        let path = Array(file.id.utf8)
        if blocks.last.map({ $0.bytes.count + path.count + 20 > Block.byteCount }) ?? true {
            blocks.append(Block(start: endIndex))
        }
        blocks[blocks.count - 1].append(path, isLink: file.isLink, behind: last)
        last = path
        if let failure = file.failure { failures[endIndex] = failure }
        endIndex += 1
    }

    mutating func append(contentsOf files: some Sequence<SourceFile>) { for file in files { append(file) } }

    /// The place of the first file that does not come before an id.
    func place(of id: String) -> Int {
        Self.first(in: 0..<count) { !block(of: $0).file(at: $0).path.lexicographicallyPrecedes(id.utf8) }
    }

    private func block(of position: Int) -> Block {
        blocks[Self.first(in: 0..<blocks.count) { blocks[$0].start > position } - 1]
    }

    /// The first of some numbers for which something holds, as it does for all behind it; their end when there is none.
    private static func first(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// A file of a ``FileSource``, or what stands where one was expected.
struct SourceFile: Sendable, Hashable {
    /// The path below the folder, with `/` between names.
    var id: String
    /// Whether it is a link to a file.
    var isLink = false
    /// Why it can't be a record; `nil` when it can.
    var failure: String?
}
