package import MLOpsCore

/// Reads, compares and changes trees of entries, whose nodes come from a closure.
package struct ManifestTree {
    /// The bytes of the node with a digest, verified.
    private let load: (Digest) throws -> [UInt8]

    package init(load: @escaping (Digest) throws -> [UInt8]) { self.load = load }

    /// A change to a tree.
    package struct Edit {
        package var id: String
        /// What stands there from now on; `nil` removes it.
        package var entry: DatasetEntry?

        package init(id: String, entry: DatasetEntry? = nil) {
            self.id = id
            self.entry = entry
        }
    }

    /// The root of a tree, with its node.
    func root(_ digest: Digest, entries: Int) throws -> (reference: NodeReference, node: ManifestNode) {
        let node = try ManifestNode(load(digest), source: "The manifest node \(digest.short)")
        guard node.count == entries, let firstID = node.firstID else { throw mismatch(digest) }
        return (NodeReference(firstID: firstID, digest: digest, entries: entries), node)
    }

    /// The node of a reference, which must be what the reference says.
    func node(_ reference: NodeReference, level: Int) throws -> ManifestNode {
        let node = try ManifestNode(load(reference.digest), source: "The manifest node \(reference.digest.short)")
        guard node.level == level, node.count == reference.entries, node.firstID == reference.firstID else {
            throw mismatch(reference.digest)
        }
        return node
    }

    /// Calls `body` for every leaf in order.
    ///
    /// - Parameter enter: asked before a node is read; what it denies is left out with all below it.
    package func forEachLeaf(
        _ digest: Digest, entries: Int, enter: (Digest) throws -> Bool = { _ in true },
        _ body: ([DatasetEntry]) throws -> Void
    ) throws {
        guard try enter(digest) else { return }
        var last: String?
        func visit(_ node: ManifestNode) throws {
            switch node {
            case .leaf(let some):
                if let last, let first = some.first, !last.utf8.lexicographicallyPrecedes(first.id.utf8) {
                    throw mismatch(digest)
                }
                last = some.last?.id
                try body(some)
            case .inner(let level, let nodes):
                for reference in nodes where try enter(reference.digest) {
                    try visit(self.node(reference, level: level - 1))
                }
            }
        }
        try visit(root(digest, entries: entries).node)
    }

    /// The leaves in order, unread.
    func leaves(_ digest: Digest, entries: Int) throws -> [NodeReference] {
        let (reference, node) = try root(digest, entries: entries)
        var leaves: [NodeReference] = []
        func visit(_ reference: NodeReference, _ node: ManifestNode) throws {
            guard case .inner(let level, let nodes) = node else { return leaves.append(reference) }
            if level == 1 {
                leaves += nodes
            } else {
                for below in nodes { try visit(below, self.node(below, level: level - 1)) }
            }
        }
        try visit(reference, node)
        return leaves
    }

    /// Builds the tree with some entries changed: reads the inner nodes, and those leaves that a change meets.
    ///
    /// - Parameter edits: in the order of their ids, each id once.
    package func update(
        _ digest: Digest?, entries: Int, edits: [Edit], sink: @escaping ManifestBuilder.Sink
    ) throws -> NodeReference? {
        var builder = ManifestBuilder(sink: sink)
        var rest = edits[...]
        func add(_ edit: Edit) throws { if let entry = edit.entry { try builder.add(entry) } }
        let leaves = try digest.map { try self.leaves($0, entries: entries) } ?? []
        for (i, leaf) in leaves.enumerated() {
            let end = i + 1 < leaves.count ? leaves[i + 1].firstID : nil
            var own = rest.prefix { edit in end.map { edit.id.utf8.lexicographicallyPrecedes($0.utf8) } ?? true }
            rest = rest.dropFirst(own.count)
            if own.isEmpty, builder.isBetweenLeaves {
                try builder.add(reusing: leaf)
                continue
            }
            guard case .leaf(let old) = try node(leaf, level: 0) else { throw mismatch(leaf.digest) }
            for entry in old {
                while let edit = own.first, edit.id.utf8.lexicographicallyPrecedes(entry.id.utf8) {
                    try add(edit)
                    own = own.dropFirst()
                }
                if let edit = own.first, edit.id.utf8.elementsEqual(entry.id.utf8) {
                    try add(edit)
                    own = own.dropFirst()
                } else {
                    try builder.add(entry)
                }
            }
            for edit in own { try add(edit) }
        }
        for edit in rest { try add(edit) }
        return try builder.finish()
    }

    /// The entries of two trees below nodes that the other has not: those that differ, and some of their neighbours.
    ///
    /// Nodes with the same digest hold the same entries and are not read.
    package func differing(
        _ a: (digest: Digest, entries: Int)?, _ b: (digest: Digest, entries: Int)?
    ) throws -> (a: [DatasetEntry], b: [DatasetEntry]) {
        /// Nodes of one level, unread, and the entries of leaves.
        struct Side {
            var level: Int
            var nodes: [NodeReference]
            var entries: [DatasetEntry] = []
        }
        func side(_ tree: (digest: Digest, entries: Int)?) throws -> Side {
            guard let tree else { return Side(level: 0, nodes: []) }
            let (reference, node) = try root(tree.digest, entries: tree.entries)
            return Side(level: node.level, nodes: [reference])
        }
        func open(_ side: inout Side) throws {
            var below: [NodeReference] = []
            for reference in side.nodes {
                switch try node(reference, level: side.level) {
                case .leaf(let entries): side.entries += entries
                case .inner(_, let nodes): below += nodes
                }
            }
            side.nodes = below
            side.level -= 1
        }
        if a?.digest == b?.digest { return ([], []) }
        var (left, right) = (try side(a), try side(b))
        while !left.nodes.isEmpty || !right.nodes.isEmpty {
            if left.level == right.level {
                let (inA, inB) = (Set(left.nodes.map(\.digest)), Set(right.nodes.map(\.digest)))
                left.nodes.removeAll { inB.contains($0.digest) }
                right.nodes.removeAll { inA.contains($0.digest) }
            }
            let level = max(left.nodes.isEmpty ? -1 : left.level, right.nodes.isEmpty ? -1 : right.level)
            if left.level == level, !left.nodes.isEmpty { try open(&left) }
            if right.level == level, !right.nodes.isEmpty { try open(&right) }
        }
        return (left.entries, right.entries)
    }

    private func mismatch(_ digest: Digest) -> MLOpsError {
        MLOpsError(
            .corruptData, "The manifest node \(digest.short) is not what the node above it says.",
            help: "Run fsck, and restore the store from a copy.")
    }
}
