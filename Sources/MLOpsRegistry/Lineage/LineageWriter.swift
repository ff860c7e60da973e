internal import Foundation
internal import GRDB
internal import MLOpsCore

/// Puts events into the graph's tables, with statements that are looked up once a transaction, not once an edge.
struct LineageWriter {
    /// The least number of records of a dataset that are kept as members instead of edges; below it edges are smaller.
    private static let fewestMembers = 64
    /// The most nodes whose row is remembered.
    private static let rememberedNodes = 10_000

    private let db: Database
    private let findNode: Statement
    private let addNode: Statement
    private let addEdge: Statement
    private let setAttribute: Statement
    private var rows: [LineageNode: Int64] = [:]

    init(_ db: Database) throws {
        self.db = db
        findNode = try db.cachedStatement(sql: "SELECT id FROM node WHERE kind = ? AND name = ?")
        addNode = try db.cachedStatement(sql: "INSERT INTO node (kind, name) VALUES (?, ?)")
        addEdge = try db.cachedStatement(
            sql: """
                INSERT INTO edge (output, input, activity, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
                SET at = min(at, excluded.at)
                """)
        // The latest value wins, the greater one of a tie: the result does not depend on the order of events.
        setAttribute = try db.cachedStatement(
            sql: """
                INSERT INTO attribute (node, name, value, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
                SET value = excluded.value, at = excluded.at
                WHERE excluded.at > at OR (excluded.at = at AND excluded.value > value)
                """)
    }

    mutating func insert(_ event: LineageEvent) throws {
        let output = try row(of: event.output)
        let at = event.at.milliseconds
        var attributes = event.attributes
        if event.inputs.isEmpty { attributes["activity"] = attributes["activity"] ?? event.activity }
        for (name, value) in attributes { try setAttribute.execute(arguments: [output, name, value, at]) }
        let isDataset = event.output.kind == .dataset
        let members = isDataset ? event.inputs.compactMap(LineageGraph.digest) : []
        let isBatch = members.count >= Self.fewestMembers
        if isBatch { try insert(members, of: output, by: event.activity, at: at) }
        for input in event.inputs where !isBatch || LineageGraph.digest(input) == nil {
            try addEdge.execute(arguments: [output, try row(of: input), event.activity, at])
        }
    }

    private mutating func row(of node: LineageNode) throws -> Int64 {
        if let row = rows[node] { return row }
        let (kind, name) = (node.kind.description, LineageGraph.name(node))
        let row: Int64
        if let known = try Int64.fetchOne(findNode, arguments: [kind, name]) {
            row = known
        } else {
            try addNode.execute(arguments: [kind, name])
            row = db.lastInsertedRowID
        }
        if rows.count >= Self.rememberedNodes { rows.removeAll(keepingCapacity: true) }
        rows[node] = row
        return row
    }

    private func insert(_ members: [Digest], of dataset: Int64, by activity: String, at: Int64) throws {
        let sorted = Set(members).sorted()
        var digester = Digester()
        for member in sorted { digester.update(member.bytes) }
        try db.run(
            "INSERT OR IGNORE INTO member_batch (dataset, digest, count, activity, at) VALUES (?, ?, ?, ?, ?)",
            [dataset, digester.finalize().hex, sorted.count, activity, at])
        guard db.changesCount > 0 else { return }
        try MemberChunk.insert(sorted, batch: db.lastInsertedRowID, into: db)
    }
}
