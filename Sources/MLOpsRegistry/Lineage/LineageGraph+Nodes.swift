internal import Foundation
internal import GRDB
internal import MLOpsCore

extension LineageGraph {
    /// Keeps events, inside the caller's transaction.
    static func insert(_ events: [LineageEvent], into db: Database) throws {
        var writer = try LineageWriter(db)
        for event in events { try writer.insert(event) }
    }

    /// The digest of a record that is named by one.
    static func digest(_ node: LineageNode) -> Digest? { node.kind == .record ? Digest(hex: node.id) : nil }

    /// How a node's id is kept: digests always in the same spelling.
    static func name(_ node: LineageNode) -> String { Digest(hex: node.id)?.description ?? node.id }

    static func id(of node: LineageNode, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM node WHERE kind = ? AND name = ?"),
            arguments: [node.kind.description, name(node)])
    }

    /// The id of a node that must be there; throws `notFound`.
    static func require(_ node: LineageNode, in db: Database) throws -> Int64 {
        guard let id = try id(of: node, in: db) else {
            throw MLOpsError(
                .notFound, "The lineage graph knows nothing of the \(node).",
                help: "Check kind and id; events may not have been recorded yet.")
        }
        return id
    }
}
