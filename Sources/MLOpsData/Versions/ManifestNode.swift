package import MLOpsCore

/// A node of the tree of a version's entries.
///
/// The bytes: `MLM2`, the level in one byte, and items to the end. A leaf, of level 0, has entries in the order of the
/// UTF-8 bytes of their ids; a node of level n has references to nodes of level n - 1, in the same order. The digest of
/// a node is the SHA-256 of its bytes.
package enum ManifestNode: Sendable, Hashable {
    case leaf([DatasetEntry])
    case inner(level: Int, [NodeReference])

    static let magic = Array("MLM2".utf8)
    /// More levels than any number of entries needs.
    static let maxLevel = 16

    /// Reads a node; throws `corruptData`.
    package init(_ bytes: [UInt8], source: String) throws {
        var reader = ByteReader(bytes, source: source)
        guard try reader.take(4).elementsEqual(Self.magic) else { throw reader.corrupt("is no manifest node") }
        let level = Int(try reader.byte())
        guard level <= Self.maxLevel else { throw reader.corrupt("has the level \(level)") }
        if level == 0 {
            var entries: [DatasetEntry] = []
            while !reader.isAtEnd {
                let entry = try reader.entry()
                if let last = entries.last, !last.id.utf8.lexicographicallyPrecedes(entry.id.utf8) {
                    throw reader.corrupt("has ids out of order")
                }
                entries.append(entry)
            }
            guard !entries.isEmpty else { throw reader.corrupt("is empty") }
            self = .leaf(entries)
        } else {
            var nodes: [NodeReference] = []
            while !reader.isAtEnd {
                let node = NodeReference(
                    firstID: try reader.text(), digest: try reader.digest(), entries: try reader.number())
                if let last = nodes.last, !last.firstID.utf8.lexicographicallyPrecedes(node.firstID.utf8) {
                    throw reader.corrupt("has nodes out of order")
                }
                nodes.append(node)
            }
            guard !nodes.isEmpty else { throw reader.corrupt("is empty") }
            self = .inner(level: level, nodes)
        }
    }

    /// 0 for a leaf.
    var level: Int {
        switch self {
        case .leaf: 0
        case .inner(let level, _): level
        }
    }

    /// The smallest id below.
    var firstID: String? {
        switch self {
        case .leaf(let entries): entries.first?.id
        case .inner(_, let nodes): nodes.first?.firstID
        }
    }

    /// The number of entries below; `nil` when it is above all bounds.
    var count: Int? {
        switch self {
        case .leaf(let entries): return entries.count
        case .inner(_, let nodes):
            var sum = 0
            for node in nodes {
                let (next, overflow) = sum.addingReportingOverflow(node.entries)
                if overflow { return nil }
                sum = next
            }
            return sum
        }
    }
}

/// What a node says of one below it.
package struct NodeReference: Sendable, Hashable {
    /// The smallest id below.
    package var firstID: String
    /// The SHA-256 of the node's bytes.
    package var digest: Digest
    /// The number of entries below.
    package var entries: Int
}
