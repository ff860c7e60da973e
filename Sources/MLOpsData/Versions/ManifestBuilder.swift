package import MLOpsCore

/// Builds the tree of entries that come in order, node by node, with no more than one open node a level in memory.
///
/// Where a node ends depends on its own items alone: behind an item whose id's hash is divisible by 128, when it has at
/// least 32 items, and at 512 in any case. So equal sets of entries give equal trees whatever their history, and a
/// change to an entry changes one leaf, rarely its neighbours, and the nodes above (prolly trees; content-defined
/// chunking after LBFS, SOSP 2001).
package struct ManifestBuilder {
    /// Takes the bytes of each node when it is done.
    package typealias Sink = (_ bytes: [UInt8], _ digest: Digest) throws -> Void

    private struct Level {
        var writer = ByteWriter()
        var items = 0
        var entries = 0
        var firstID = ""
        /// Nodes done so far, and the last of them.
        var made = 0
        var last: NodeReference?
    }

    private var levels: [Level] = [Level()]
    private let sink: Sink

    package init(sink: @escaping Sink) { self.sink = sink }

    /// Whether the next entry begins a leaf.
    var isBetweenLeaves: Bool { levels[0].items == 0 }

    /// Adds the next entry.
    package mutating func add(_ entry: DatasetEntry) throws {
        try append(0, entry.id, entries: 1) { $0.write(entry) }
    }

    /// Adds a leaf that is done; only between leaves.
    mutating func add(reusing leaf: NodeReference) throws {
        precondition(isBetweenLeaves, "a leaf is taken over only between leaves")
        try append(1, leaf)
        levels[0].made += 1
        levels[0].last = leaf
    }

    /// Ends the tree; returns its root, or `nil` when it has no entry.
    package mutating func finish() throws -> NodeReference? {
        var level = 0
        while true {
            if levels[level].items > 0 { try close(level) }
            guard level + 1 < levels.count else { return nil }
            if levels[level].made == 1 { return levels[level].last }
            level += 1
        }
    }

    private mutating func append(_ level: Int, _ node: NodeReference) throws {
        if level == levels.count { levels.append(Level()) }
        try append(level, node.firstID, entries: node.entries) {
            $0.write(node.firstID)
            $0.write(node.digest)
            $0.write(node.entries)
        }
    }

    private mutating func append(
        _ level: Int, _ id: String, entries: Int, _ write: (inout ByteWriter) -> Void
    ) throws {
        if levels[level].items == 0 {
            levels[level].firstID = id
            for byte in ManifestNode.magic { levels[level].writer.write(byte: byte) }
            levels[level].writer.write(byte: UInt8(level))
        }
        write(&levels[level].writer)
        levels[level].items += 1
        levels[level].entries += entries
        if ChunkRule.ends(after: id, items: levels[level].items, level: level) { try close(level) }
    }

    private mutating func close(_ level: Int) throws {
        let bytes = levels[level].writer.bytes
        let node = NodeReference(
            firstID: levels[level].firstID, digest: Digest(of: bytes), entries: levels[level].entries)
        levels[level].writer.clear()
        levels[level].items = 0
        levels[level].entries = 0
        levels[level].made += 1
        levels[level].last = node
        try sink(bytes, node.digest)
        try append(level + 1, node)
    }
}

/// Where a list that is sorted by id is cut into pieces, so that a change to it changes few pieces.
enum ChunkRule {
    private static let (minimum, divisor, maximum) = (32, UInt64(128), 512)

    /// Whether a piece of `items` items ends after the one with this id.
    static func ends(after id: String, items: Int, level: Int = 0) -> Bool {
        items >= maximum || items >= minimum && hash(id, level) % divisor == 0
    }

    /// FNV-1a of the UTF-8 bytes, mixed as in SplitMix64 so that all bits depend on all bytes.
    private static func hash(_ id: String, _ level: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash &+= UInt64(level) &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }
}
