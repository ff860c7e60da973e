internal import Foundation
internal import GRDB
internal import MLOpsCore

extension LineageGraph {
    /// The least number of records of a dataset that are kept as members instead of edges; below it edges are smaller.
    private static let fewestMembers = 64

    /// Keeps events, inside the caller's transaction.
    static func insert(_ events: [LineageEvent], into db: Database) throws {
        for event in events {
            let output = try makeNode(event.output, in: db)
            let at = event.at.milliseconds
            var attributes = event.attributes
            if event.inputs.isEmpty { attributes["activity"] = attributes["activity"] ?? event.activity }
            for (name, value) in attributes {
                // The latest value wins, the greater one of a tie: the result does not depend on the order of events.
                try db.run(
                    """
                    INSERT INTO attribute (node, name, value, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
                    SET value = excluded.value, at = excluded.at
                    WHERE excluded.at > at OR (excluded.at = at AND excluded.value > value)
                    """, [output, name, value, at])
            }
            let members = event.output.kind == .dataset ? event.inputs.compactMap(digest) : []
            let isBatch = members.count >= fewestMembers
            if isBatch { try insert(members, of: output, by: event.activity, at: at, into: db) }
            for input in event.inputs where !isBatch || digest(input) == nil {
                try db.run(
                    """
                    INSERT INTO edge (output, input, activity, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
                    SET at = min(at, excluded.at)
                    """, [output, try makeNode(input, in: db), event.activity, at])
            }
        }
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

    private static func makeNode(_ node: LineageNode, in db: Database) throws -> Int64 {
        if let id = try id(of: node, in: db) { return id }
        try db.run("INSERT INTO node (kind, name) VALUES (?, ?)", [node.kind.description, name(node)])
        return db.lastInsertedRowID
    }

    private static func insert(
        _ members: [Digest], of dataset: Int64, by activity: String, at: Int64, into db: Database
    ) throws {
        let sorted = Set(members).sorted()
        var digester = Digester()
        for member in sorted { digester.update(member.bytes) }
        try db.run(
            """
            INSERT OR IGNORE INTO member_batch (dataset, digest, count, activity, at) VALUES (?, ?, ?, ?, ?)
            """, [dataset, digester.finalize().hex, sorted.count, activity, at])
        guard db.changesCount > 0 else { return }
        try MemberChunk.insert(sorted, batch: db.lastInsertedRowID, into: db)
    }
}
