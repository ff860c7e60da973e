internal import Foundation
internal import GRDB
public import MLOpsCore

extension LineageGraph {
    /// All that a prediction came from: its input, deployment, package, run, dataset, with what is known about each.
    ///
    /// - Throws: `notFound` when nothing was recorded about it.
    public func trace(prediction id: String) async throws -> LineageTrace {
        try await trace(LineageNode(.prediction, id))
    }

    /// All that a thing came from, as a tree; a dataset's records are counted, not listed.
    ///
    /// - Throws: `notFound` when nothing was recorded about it.
    public func trace(_ node: LineageNode) async throws -> LineageTrace {
        try await database.read { db in
            var entries: [LineageTrace.Entry] = []
            var seen: Set<Int64> = []
            var stack = [(id: try Self.require(node, in: db), depth: 0)]
            while let (id, depth) = stack.popLast() {
                let isNew = seen.insert(id).inserted
                let (entry, inputs) = try Self.entry(id, depth: depth, isRepeated: !isNew, in: db)
                entries.append(entry)
                if isNew { stack += inputs.reversed().map { ($0, depth + 1) } }
            }
            return LineageTrace(entries: entries)
        }
    }

    private static func entry(_ id: Int64, depth: Int, isRepeated: Bool, in db: Database) throws
        -> (LineageTrace.Entry, inputs: [Int64])
    {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT kind, name FROM node WHERE id = ?"), arguments: [id])
        let node = LineageNode(LineageNode.Kind(row?["kind"] ?? ""), row?["name"] ?? "")
        let edges = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT input, kind, activity, at FROM edge JOIN node ON node.id = input WHERE output = ?
                    ORDER BY kind = 'record', at, kind, name
                    """), arguments: [id])
        let batches = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT count, activity, at FROM member_batch WHERE dataset = ?"), arguments: [id])
        let facts = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT name, value, at FROM attribute WHERE node = ?"), arguments: [id])
        var attributes = Dictionary(facts.map { ($0["name"] as String, $0["value"] as String) }) { $1 }
        var activities = Set((edges + batches).map { $0["activity"] as String })
        if activities.isEmpty, let activity = attributes.removeValue(forKey: "activity") { activities = [activity] }
        let isDataset = node.kind == .dataset
        let listed = edges.filter { !isDataset || $0["kind"] != "record" }
        var inputs: [Int64] = []
        for edge in listed where inputs.last != edge["input"] { inputs.append(edge["input"]) }
        let counted = batches.reduce(edges.count - listed.count) { $0 + ($1["count"] as Int) }
        let start = ((edges + batches).isEmpty ? facts : edges + batches).map { $0["at"] as Int64 }.min()
        return (
            LineageTrace.Entry(
                depth: depth, node: node, activities: activities.sorted(), at: start.map(Date.init(milliseconds:)),
                attributes: attributes, recordCount: isDataset ? counted : 0, isRepeated: isRepeated),
            inputs
        )
    }
}
