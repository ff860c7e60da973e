import Foundation
import MLOpsCore
import MLOpsData
import Testing

@Suite("As-of joins") struct AsOfJoinTests {
    private struct Case: Decodable {
        var tolerance: Int64?
        var queryKeys, queryTimes, rowKeys, rowTimes: [Int64]
        var created: [Int64]?
        var values: [Double?]
        var answers: [Int32]
    }

    @Test(
        "Answers are those of pandas and DuckDB: ties, gaps, ages, rows that were created late", arguments: [1, 2, 5])
    func matchesOracles(tasks: Int) async throws {
        for item in try JSONDecoder().decode([Case].self, from: Fixture.bytes("asof.json")) {
            let queries = try AsOfTable(keys: item.queryKeys, times: item.queryTimes)
            let rows = try AsOfTable(keys: item.rowKeys, times: item.rowTimes, created: item.created)
            let found = try await AsOfJoin(tolerance: item.tolerance, tasks: tasks).matches(of: queries, in: rows)
            #expect(found.places == item.answers)
            #expect(found.values(of: item.values) == item.answers.map { $0 < 0 ? nil : item.values[Int($0)] })
        }
    }

    /// The definition, a row at a time.
    private static func answer(_ key: Int64, _ time: Int64, _ rows: AsOfTable, _ tolerance: Int64?) -> Int32 {
        var best: Int?
        for place in rows.keys.indices where rows.keys[place] == key && !rows.missing.contains(place) {
            let created = rows.created?[place] ?? .min
            guard rows.times[place] <= time, created <= time else { continue }
            if let best, (rows.times[best], rows.created?[best] ?? .min) > (rows.times[place], created) { continue }
            best = place
        }
        guard let best else { return -1 }
        if let tolerance,
            time.subtractingReportingOverflow(rows.times[best]).overflow || time - rows.times[best] > tolerance
        {
            return -1
        }
        return Int32(best)
    }

    @Test("Answers are those of the definition, for keys and times of any size, sorted or not", arguments: 0..<12)
    func matchesDefinition(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let (span, keys) = ([10, 1000, 1 << 40][seed % 3], [1, 7, 300][seed % 4 % 3])
        func times(_ count: Int) -> [Int64] {
            let times = (0..<count).map { _ in
                seed % 5 == 4 && random.integer(below: 4) == 0
                    ? [Int64.min, .max, 0][random.integer(below: 3)] : Int64(random.integer(below: span)) - 5
            }
            return seed % 2 == 0 ? times.sorted() : times
        }
        // Near each other, so that they index a table, or far apart.
        func column(_ count: Int) -> [Int64] {
            (0..<count).map { _ in Int64(random.integer(below: keys)) &* (seed % 2 == 0 ? 1 : 1 << 50) &- 3 }
        }
        let (queryCount, rowCount) = (200, seed == 11 ? 0 : 400)
        let missing = seed % 3 == 0 ? (0..<20).map { $0 * 7 } : []
        let queries = try AsOfTable(keys: column(queryCount), times: times(queryCount), missing: missing)
        let rows = try AsOfTable(
            keys: column(rowCount), times: times(rowCount),
            created: seed % 4 < 2 ? times(rowCount).shuffled(using: &random) : nil, missing: rowCount > 0 ? missing : []
        )
        let tolerance = seed % 3 == 1 ? Int64(span / 4) : nil
        let expected = queries.keys.indices.map {
            queries.missing.contains($0) ? -1 : Self.answer(queries.keys[$0], queries.times[$0], rows, tolerance)
        }
        for tasks in [1, 3] {
            let found = try await AsOfJoin(tolerance: tolerance, tasks: tasks).matches(of: queries, in: rows)
            #expect(found.places == expected)
            #expect(found.count == expected.count { $0 >= 0 })
        }
    }

    @Test("Columns of different lengths and places beyond them are refused") func refuses() {
        #expect(throws: MLOpsError.self) { try AsOfTable(keys: [1], times: []) }
        #expect(throws: MLOpsError.self) { try AsOfTable(keys: [1], times: [1], created: []) }
        #expect(throws: MLOpsError.self) { try AsOfTable(keys: [1], times: [1], missing: [1]) }
    }

    @Test("Texts as keys, some missing") func textKeys() async throws {
        let tables = try AsOfTable.pair(
            queries: (["b", nil, "c", "a"], [5, 5, 5, 5]), rows: (["a", nil, "b", "b"], [1, 1, 2, 6], nil))
        let found = try await AsOfJoin().matches(of: tables.queries, in: tables.rows)
        #expect(found.places == [2, -1, -1, 0])
    }
}
