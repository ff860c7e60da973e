internal import Foundation

/// Finds for each query the row of its key that was the latest known at its time.
///
/// A row answers a query when its time is not after the query's, and when it was known by then (``AsOfTable/created``).
/// Of several, the one of the latest time answers; of those, the one created last; of those, the last in the table.
/// So a value that was written late, or corrected later, never leaks into the past.
///
/// Known are, at a time t, the rows whose max(time, created) is at most t. Rows are sorted by that maximum within their
/// key, with the best row so far beside each, and a query looks its time up: neither side needs to be sorted before.
/// Memory: about 40 bytes for each row and each query. The result does not depend on the number of tasks.
public struct AsOfJoin: Sendable, Hashable {
    /// The greatest age of an answer: query time less row time, in the tables' unit; `nil` for any.
    public var tolerance: Int64?
    /// How many keys' ranges are worked on at a time; `nil` for one a processor.
    public var tasks: Int?

    /// Makes a join.
    public init(tolerance: Int64? = nil, tasks: Int? = nil) {
        self.tolerance = tolerance
        self.tasks = tasks
    }

    /// The place of the row that answers each query.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func matches(of queries: AsOfTable, in rows: AsOfTable) async throws -> AsOfMatches {
        let codes = AsOfCodes(rows)
        let parts = max(1, min(64, tasks ?? ProcessInfo.processInfo.activeProcessorCount))
        let wholes = [rows, queries]
        // Numbers of keys, by pieces of the tables.
        let numbered = try await withThrowingTaskGroup(of: (side: Int, part: Int, codes: [Int32]).self) { group in
            for (side, table) in wholes.enumerated() {
                for part in 0..<parts {
                    let range = table.keys.count * part / parts..<table.keys.count * (part + 1) / parts
                    group.addTask { (side, part, codes.codes(of: table, range)) }
                }
            }
            var pieces = [[[Int32]]](repeating: Array(repeating: [], count: parts), count: 2)
            for try await piece in group { pieces[piece.side][piece.part] = piece.codes }
            return pieces.map { pieces in
                var codes: [Int32] = []
                codes.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
                for piece in pieces { codes += piece }
                return codes
            }
        }
        let sorter = AsOfSorter(
            rows: rows, rowCodes: numbered[0], queries: queries, queryCodes: numbered[1], tolerance: tolerance)
        let ranges = AsOfSorter.ranges(of: numbered, codes: codes.count, parts: parts)
        return try await withThrowingTaskGroup(of: [AsOfSorter.Answer].self) { group in
            for range in ranges { group.addTask { sorter.answers(range) } }
            var places = [Int32](repeating: -1, count: queries.keys.count)
            for try await answers in group {
                try Task.checkCancellation()
                for answer in answers { places[Int(answer.query)] = answer.row }
            }
            return AsOfMatches(places: places)
        }
    }
}

/// The answers of an ``AsOfJoin``.
public struct AsOfMatches: Sendable, Hashable {
    /// For each query the place of the row that answers it, −1 when there is none.
    public let places: [Int32]

    /// The number of queries that have an answer.
    public var count: Int { places.count { $0 >= 0 } }

    /// The value of a column of the rows for each query; `nil` where no row answers.
    @inlinable public func values<Value>(of column: [Value]) -> [Value?] {
        column.withUnsafeBufferPointer { column in
            places.map { $0 < 0 ? nil : column[Int($0)] }
        }
    }

    /// The value of a column that has gaps for each query; `nil` where no row answers, or where the row has a gap.
    @inlinable public func values<Value>(of column: [Value?]) -> [Value?] {
        column.withUnsafeBufferPointer { column in
            places.map { $0 < 0 ? nil : column[Int($0)] }
        }
    }
}
