internal import Foundation
internal import GRDB
internal import MLOpsCore

extension LineageGraph {
    private struct Reached {
        let id: Int64
        let node: LineageNode
    }

    /// The nodes that can be reached from some over edges, those included, in the order of a breadth-first walk.
    ///
    /// - Parameter kinds: only nodes of these kinds are returned; the walk goes over all.
    private static func reach(
        _ starts: [Int64], from column: String, to other: String, kinds: Set<LineageNode.Kind>?, in db: Database
    ) throws -> [Reached] {
        let sql = """
            WITH RECURSIVE reached (id) AS (
                SELECT value FROM json_each(?)
                UNION SELECT edge.\(other) FROM reached JOIN edge ON edge.\(column) = reached.id)
            SELECT node.id, node.kind, node.name FROM reached CROSS JOIN node ON node.id = reached.id
            \(kinds == nil ? "" : "WHERE node.kind IN (SELECT value FROM json_each(?))")
            """
        var arguments: StatementArguments = ["[" + starts.map(String.init).joined(separator: ",") + "]"]
        if let kinds {
            let names = try CanonicalJSON.encode(kinds.map(\.description).sorted())
            arguments += [String(decoding: names, as: UTF8.self)]
        }
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map {
            Reached(id: $0[0], node: LineageNode(LineageNode.Kind($0[1]), $0[2]))
        }
    }

    static func ancestors(of start: Int64, wanting kinds: Set<LineageNode.Kind>?, in db: Database) throws
        -> [LineageNode]
    {
        let wantsRecords = try kinds?.contains(.record) ?? true || recordsHaveInputs(db)
        var (result, seen, loose) = ([LineageNode](), Set<Int64>(), Set<Digest>())
        var frontier = [start]
        while !frontier.isEmpty {
            let new = try reach(
                frontier, from: "output", to: "input", kinds: kinds?.union(wantsRecords ? [.dataset] : []), in: db
            ).filter { seen.insert($0.id).inserted }
            frontier = []
            result += new.lazy.filter { $0.id != start }.map(\.node)
            guard wantsRecords else { break }
            for dataset in new where dataset.node.kind == .dataset {
                for member in try members(of: dataset.id, in: db) {
                    let node = LineageNode(.record, member.description)
                    if let id = try id(of: node, in: db) {
                        if !seen.contains(id) { frontier.append(id) }
                    } else if loose.insert(member).inserted {
                        result.append(node)
                    }
                }
            }
        }
        return result.filter { kinds?.contains($0.kind) ?? true }
    }

    static func descendants(
        of node: LineageNode, ids: [Int64], members: [Int64], wanting kinds: Set<LineageNode.Kind>?, in db: Database
    ) throws -> [LineageNode] {
        var (result, seen) = ([LineageNode](), Set<Int64>())
        var frontier = ids + members
        while !frontier.isEmpty {
            let new = try reach(
                frontier, from: "input", to: "output", kinds: kinds?.union([.record, .dataset]), in: db
            ).filter { seen.insert($0.id).inserted }
            result += new.lazy.filter { !ids.contains($0.id) }.map(\.node)
            frontier = try new.filter { !ids.contains($0.id) }
                .flatMap { try datasets(containing: $0.node, in: db) }.filter { !seen.contains($0) }
        }
        return result.filter { kinds?.contains($0.kind) ?? true }
    }

    /// The datasets that hold a record as a member; none for a thing of another kind.
    static func datasets(containing node: LineageNode, in db: Database) throws -> [Int64] {
        guard let digest = digest(node) else { return [] }
        let sql = """
            SELECT dataset, (
                SELECT digests FROM member_chunk WHERE batch = member_batch.id AND first <= ?
                ORDER BY first DESC LIMIT 1) AS digests
            FROM member_batch ORDER BY id
            """
        var found: [Int64] = []
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [Data(digest.bytes)])
        while let row = try rows.next() {
            guard let chunk: Data = row["digests"], MemberChunk.contains(digest, in: chunk) else { continue }
            found.append(row["dataset"])
        }
        return found
    }

    /// The records that are members of a dataset, in no stated order; some may come twice.
    static func members(of dataset: Int64, in db: Database) throws -> [Digest] {
        let sql = """
            SELECT digests FROM member_chunk JOIN member_batch ON member_batch.id = batch
            WHERE dataset = ? ORDER BY batch, first
            """
        return try Data.fetchAll(db.cachedStatement(sql: sql), arguments: [dataset]).flatMap(MemberChunk.digests)
    }

    private static func recordsHaveInputs(_ db: Database) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM node JOIN edge ON edge.output = node.id WHERE kind = 'record')"
        return try Bool.fetchOne(db, sql: sql) == true
    }
}
