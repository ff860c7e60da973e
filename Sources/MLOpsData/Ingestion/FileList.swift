/// The files of a source, in order, in the bytes of their paths and about 8 more each: a million can be held at once.
struct FileList: Sendable, RandomAccessCollection {
    /// Files that follow each other; as large as it will be from the beginning, so that nothing is copied to grow.
    private struct Block {
        static let byteCount = 1 << 16
        /// The place of its first file.
        let start: Int
        /// The paths, each behind a byte that says whether it is a link's.
        var bytes: [UInt8] = []
        var ends: [UInt32] = []

        init(start: Int) {
            self.start = start
            bytes.reserveCapacity(Self.byteCount)
        }

        func path(at position: Int) -> ArraySlice<UInt8> {
            let i = position - start
            return bytes[((i == 0 ? 0 : Int(ends[i - 1])) + 1)..<Int(ends[i])]
        }
    }

    private var blocks: [Block] = []
    private var failures: [Int: String] = [:]

    var startIndex: Int { 0 }
    private(set) var endIndex = 0

    subscript(position: Int) -> SourceFile {
        let block = block(of: position)
        let path = block.path(at: position)
        return SourceFile(
            id: String(decoding: path, as: UTF8.self), isLink: block.bytes[path.startIndex - 1] == 1,
            failure: failures[position])
    }

    mutating func append(_ file: SourceFile) {
        if blocks.last.map({ $0.bytes.count + file.id.utf8.count >= Block.byteCount }) ?? true {
            blocks.append(Block(start: endIndex))
        }
        let last = blocks.count - 1
        blocks[last].bytes.append(file.isLink ? 1 : 0)
        blocks[last].bytes.append(contentsOf: file.id.utf8)
        blocks[last].ends.append(UInt32(blocks[last].bytes.count))
        if let failure = file.failure { failures[endIndex] = failure }
        endIndex += 1
    }

    mutating func append(contentsOf files: some Sequence<SourceFile>) { for file in files { append(file) } }

    /// The place of the first file that does not come before an id.
    func place(of id: String) -> Int {
        Self.first(in: 0..<count) { !block(of: $0).path(at: $0).lexicographicallyPrecedes(id.utf8) }
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
