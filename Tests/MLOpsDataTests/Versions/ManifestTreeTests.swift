import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Synchronization
import Testing

/// Nodes by their digests, and how many were written and read.
final class NodeShelf {
    private(set) var nodes: [Digest: [UInt8]] = [:]
    var written = 0
    var read = 0

    var tree: ManifestTree {
        ManifestTree { [self] digest in
            read += 1
            return try #require(nodes[digest])
        }
    }

    func put(_ bytes: [UInt8], _ digest: Digest) {
        if nodes.updateValue(bytes, forKey: digest) == nil { written += 1 }
    }

    func build(_ entries: [DatasetEntry]) throws -> NodeReference? {
        var builder = ManifestBuilder { [self] in put($0, $1) }
        for entry in entries { try builder.add(entry) }
        return try builder.finish()
    }
}

@Suite("The tree of a version's entries") struct ManifestTreeTests {
    private func entry(_ i: Int, salt: Int = 0) -> DatasetEntry {
        DatasetEntry(
            id: "class-\(i % 3)/record-\(i)", digest: Digest(of: Data("\(i) \(salt)".utf8)),
            label: i % 7 == 0 ? nil : "label \(i % 3)", attributes: i % 5 == 0 ? ["camera": "\(i % 4)", "": "é"] : [:])
    }

    private func sorted(_ entries: some Sequence<DatasetEntry>) -> [DatasetEntry] {
        entries.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    @Test("Whatever changes led to it, equal entries give the same tree, and come back in order", arguments: [0, 1, 2])
    func isIndependentOfHistory(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let shelf = NodeShelf()
        var entries: [String: DatasetEntry] = [:]
        var root: NodeReference?
        for round in 0..<40 {
            var edits: [String: DatasetEntry?] = [:]
            for _ in 0..<(round % 10 == 0 ? 900 : Int.random(in: 0...12, using: &generator)) {
                let entry = entry(Int.random(in: 0..<3000, using: &generator), salt: round)
                edits[entry.id] = .some(Bool.random(using: &generator) || round % 10 == 0 ? entry : nil)
            }
            for (id, edit) in edits { entries[id] = edit }
            let list = edits.map { ManifestTree.Edit(id: $0.key, entry: $0.value) }
                .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
            root = try shelf.tree.update(root?.digest, entries: root?.entries ?? 0, edits: list) { shelf.put($0, $1) }
            #expect(try root == NodeShelf().build(sorted(entries.values)))
        }
        let last = try #require(root)
        var read: [DatasetEntry] = []
        try shelf.tree.forEachLeaf(last.digest, entries: last.entries) { read += $0 }
        #expect(read == sorted(entries.values))
    }

    @Test("One change among 20,000 writes three nodes or so, and its diff reads as few") func takesTheTimeOfTheChange()
        throws
    {
        let shelf = NodeShelf()
        let entries = sorted((0..<20_000).map { entry($0) })
        let old = try #require(try shelf.build(entries))
        let whole = shelf.written
        shelf.written = 0
        let changed = entry(1234, salt: 1)
        let new = try #require(
            try shelf.tree.update(
                old.digest, entries: old.entries, edits: [.init(id: changed.id, entry: changed)]
            ) { shelf.put($0, $1) })
        #expect(whole > 100 && shelf.written <= 5, "\(shelf.written) of \(whole)")
        shelf.read = 0
        let sides = try shelf.tree.differing((old.digest, old.entries), (new.digest, new.entries))
        #expect(shelf.read <= 12, "\(shelf.read)")
        #expect(sides.a.contains(entry(1234)) && sides.b.contains(changed) && sides.a.count < 600)
    }

    @Test("A damaged node is refused, never trusted and never a crash") func refusesDamage() async throws {
        let shelf = NodeShelf()
        let root = try #require(try shelf.build(sorted((0..<2000).map { entry($0) })))
        let nodes = shelf.nodes.sorted { $0.key < $1.key }.map(\.value)
        var generator = SeededGenerator(seed: 5)
        var refused = 0
        let rounds = ProcessInfo.processInfo.environment["MLOPS_FUZZ"].flatMap { Int($0) } ?? 2000
        try await MemoryBound().hold("manifest nodes") {
            for _ in 0..<rounds {
                let bytes = mutated(try #require(nodes.randomElement(using: &generator)), using: &generator)
                do { _ = try ManifestNode(bytes, source: "it") } catch let error as MLOpsError {
                    #expect(error.code == .corruptData)
                    refused += 1
                }
                // As a root of a tree whose other nodes are whole.
                let tree = ManifestTree { digest in
                    if digest == root.digest { return bytes }
                    guard let node = shelf.nodes[digest] else { throw MLOpsError(.notFound, "no node", help: "none") }
                    return node
                }
                do { try tree.forEachLeaf(root.digest, entries: root.entries) { _ in } } catch let error as MLOpsError {
                    #expect([.corruptData, .notFound].contains(error.code))
                }
            }
        }
        #expect(refused > rounds / 4)
    }
}

/// Bytes with some flipped, cut out, doubled or cut off.
func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0...3, using: &generator) {
        guard !bytes.isEmpty else { return bytes }
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, at + Int.random(in: 1...40, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[at] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
        case 2: bytes.removeSubrange(at..<end)
        case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
        case 4: bytes.removeSubrange(at...)
        default: bytes.replaceSubrange(at..<end, with: repeatElement(0xFF, count: end - at))
        }
    }
    return bytes
}
