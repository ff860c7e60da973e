public import Foundation
internal import GRDB
public import MLOpsCore

extension FeatureStore {
    /// Whether what is served is what training would be given at the same time.
    public struct Parity: Sendable, Hashable, Codable {
        /// A value that differs.
        public struct Difference: Sendable, Hashable, Codable {
            /// Of which entity.
            public var entity: String
            /// Of which column.
            public var column: String
            /// What training would be given.
            public var offline: FeatureValue?
            /// What is served.
            public var online: FeatureValue?
        }

        /// The time of the comparison.
        public var at: Date
        /// How many values were compared.
        public var compared: Int
        /// The first of the values that differ, at most as many as asked for.
        public var differences: [Difference]
        /// Pass when none differs; insufficient when there was nothing to compare.
        public var verdict: Verdict { compared == 0 ? .insufficient : differences.isEmpty ? .pass : .fail }
    }

    /// Compares the latest values of a view with its history as of the time up to which it is materialized.
    ///
    /// - Parameters:
    ///   - entities: which to compare; `nil` for all.
    ///   - limit: how many differences to list at most.
    /// - Throws: ``MLOpsError`` with `notFound` for an unknown view, `insufficientData` for one that was never
    ///   materialized.
    public func parity(of name: String, entities: [String]? = nil, limit: Int = 100) async throws -> Parity {
        let (table, time, all) = try await file.read { database in
            let table = try FeatureTable.named(name, in: database)
            let all =
                try entities
                ?? String.fetchAll(
                    database,
                    sql: "SELECT entity FROM \(table.history) UNION SELECT entity FROM \(table.latest) ORDER BY entity")
            return (table, try Self.state(of: table, in: database).time, all)
        }
        guard let time else {
            throw MLOpsError(
                .insufficientData, "'\(name)' was never materialized.", help: "Call materialize(_:upTo:) first.")
        }
        let now = Date(epochMicroseconds: time)
        var parity = Parity(at: now, compared: 0, differences: [])
        for start in stride(from: 0, to: all.count, by: 4096) {
            let piece = Array(all[start..<min(start + 4096, all.count)])
            let online = try await latest(name, of: piece, at: now)
            let offline = try await training(for: piece.map { TrainingQuery($0, at: now) }, from: [name])
            for (index, entity) in piece.enumerated() {
                for column in table.view.columns {
                    let (here, there) = (
                        offline.values[name + "." + column.name]?[index], online[index]?[column.name]
                    )
                    parity.compared += 1
                    if (here ?? nil) != there, parity.differences.count < limit {
                        parity.differences.append(
                            .init(entity: entity, column: column.name, offline: here ?? nil, online: there))
                    }
                }
            }
        }
        return parity
    }
}
