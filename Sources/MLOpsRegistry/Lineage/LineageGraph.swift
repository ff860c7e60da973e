internal import Foundation
internal import GRDB
public import MLOpsCore

/// What came from what, kept in the registry's file and answered both ways.
///
/// A dataset's photographs cost 32 bytes each: where a `dataset` event has many `record` inputs that are digests, they
/// are kept as sorted runs of digests instead of as edges, and every query reads them as if they were edges.
///
/// Ids that are digests may be given with or without `sha256:`; they come back with it.
public struct LineageGraph: LineageRecorder {
    let database: RegistryDatabase

    /// Keeps an event; recording it again adds nothing.
    public func record(_ event: LineageEvent) async throws { try await record([event]) }

    /// Keeps events, all of them or none.
    public func record(_ events: [LineageEvent]) async throws {
        try await database.write { try Self.insert(events, into: $0) }
    }

    /// All that a thing came from, nearest first.
    ///
    /// - Parameter kinds: only things of these kinds; `nil` for all.
    /// - Throws: `notFound` when nothing was recorded about it.
    public func ancestors(of node: LineageNode, kinds: Set<LineageNode.Kind>? = nil) async throws -> [LineageNode] {
        try await database.read { db in
            let start = try Self.require(node, in: db)
            return try Self.ancestors(of: start, wanting: kinds, in: db)
        }
    }

    /// All that came from a thing, nearest first: for a photograph its datasets, runs, versions, predictions.
    ///
    /// - Parameter kinds: only things of these kinds; `nil` for all.
    /// - Throws: `notFound` when nothing was recorded about it.
    public func descendants(of node: LineageNode, kinds: Set<LineageNode.Kind>? = nil) async throws -> [LineageNode] {
        try await database.read { db in
            let starts = try Self.id(of: node, in: db).map { [$0] } ?? []
            let datasets = try Self.datasets(containing: node, in: db)
            if starts.isEmpty, datasets.isEmpty { _ = try Self.require(node, in: db) }
            return try Self.descendants(of: node, ids: starts, members: datasets, wanting: kinds, in: db)
        }
    }

    /// The digests of the records in a dataset, sorted; those that were recorded as inputs of it.
    public func records(in dataset: Digest) async throws -> [Digest] {
        try await database.read { db in
            let start = try Self.require(LineageNode(.dataset, dataset.description), in: db)
            let edges = try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM edge JOIN node ON node.id = edge.input WHERE edge.output = ? AND kind = 'record'
                    """, arguments: [start]
            ).compactMap(Digest.init(hex:))
            return try Set(edges).union(Self.members(of: start, in: db)).sorted()
        }
    }
}
