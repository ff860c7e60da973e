internal import Foundation
internal import GRDB
internal import MLOpsCore

extension FeatureStore {
    /// The features of entities as they were known at the times of the queries; see ``AsOfJoin``.
    ///
    /// - Parameters:
    ///   - names: the views whose columns are wanted.
    ///   - entitiesAtOnce: how many entities' histories are in memory at a time.
    /// - Throws: ``MLOpsError`` with `notFound` for an unknown view.
    public func training(
        for queries: [TrainingQuery], from names: [String], entitiesAtOnce: Int = 4096
    ) async throws -> TrainingFeatures {
        let order = queries.indices.sorted { (queries[$0].entity, $0) < (queries[$1].entity, $1) }
        var (columns, values): ([String], [String: [FeatureValue?]]) = ([], [:])
        for name in names {
            let table = try await file.read { try FeatureTable.named(name, in: $0) }
            for column in table.view.columns where values[name + "." + column.name] == nil {
                columns.append(name + "." + column.name)
                values[name + "." + column.name] = Array(repeating: nil, count: queries.count)
            }
            var start = 0
            while start < order.count {
                try Task.checkCancellation()
                // All queries of the next entities.
                var (end, entities) = (start, [String]())
                while end < order.count {
                    let entity = queries[order[end]].entity
                    if entities.last != entity {
                        if entities.count == max(1, entitiesAtOnce) { break }
                        entities.append(entity)
                    }
                    end += 1
                }
                let piece = Array(order[start..<end])
                let found = try await answers(to: piece.map { queries[$0] }, of: entities, table)
                for (index, column) in table.view.columns.enumerated() {
                    for (query, row) in zip(piece, found) { values[name + "." + column.name]?[query] = row?[index] }
                }
                start = end
            }
        }
        return TrainingFeatures(queries: queries, columns: columns, values: values)
    }

    /// The values of the row that answers each query.
    private func answers(
        to queries: [TrainingQuery], of entities: [String], _ table: FeatureTable
    ) async throws -> [[FeatureValue?]?] {
        let history = try await file.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT event, created, \(table.values) FROM \(table.history) WHERE entity = ? ORDER BY sequence
                    """)
            var history = History()
            for entity in entities {
                for row in try Row.fetchAll(statement, arguments: [entity]) {
                    history.entities.append(entity)
                    history.events.append(row[0])
                    history.created.append(row[1])
                    history.values.append(try table.values(of: row, from: 2))
                }
            }
            return history
        }
        let tables = try AsOfTable.pair(
            queries: (queries.map(\.entity), queries.map(\.time.epochMicroseconds)),
            rows: (history.entities, history.events, history.created))
        let join = AsOfJoin(tolerance: table.view.timeToLive?.microseconds)
        return try await join.matches(of: tables.queries, in: tables.rows).values(of: history.values)
    }

    /// Rows of a history, by columns.
    private struct History: Sendable {
        var entities: [String?] = []
        var events: [Int64] = []
        var created: [Int64] = []
        var values: [[FeatureValue?]] = []
    }
}
