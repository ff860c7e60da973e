internal import MLOpsCore

/// One side of an ``AsOfJoin``: a key and a time for each row, in any order and any unit of time.
public struct AsOfTable: Sendable, Hashable {
    /// The keys.
    public let keys: [Int64]
    /// When what a row says happened.
    public let times: [Int64]
    /// When each row came to be known; `nil` when at once.
    public let created: [Int64]?
    /// The places of rows without a key or a time, which match nothing.
    public let missing: [Int]

    /// Makes a table.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the columns differ in length, `limitExceeded` for more than
    ///   2³¹ − 1 rows.
    public init(keys: [Int64], times: [Int64], created: [Int64]? = nil, missing: [Int] = []) throws {
        guard keys.count == times.count, created == nil || created?.count == keys.count,
            missing.allSatisfy(keys.indices.contains)
        else {
            throw MLOpsError(
                .invalidArgument,
                "A table has \(keys.count) keys, \(times.count) times and \(created?.count ?? times.count) times of "
                    + "creation.",
                help: "Give one of each for each row, and places of missing ones within them.")
        }
        guard keys.count <= Int32.max else {
            throw MLOpsError(
                .limitExceeded, "A table has \(keys.count) rows; the limit is \(Int32.max).",
                help: "Join a part of the keys at a time.")
        }
        (self.keys, self.times, self.created, self.missing) = (keys, times, created, missing)
    }

    /// Makes the two tables of a join of keys that are texts; equal texts get equal numbers.
    ///
    /// - Parameters:
    ///   - queries: the keys and times of the queries; a key is `nil` where there is none.
    ///   - rows: the keys, times and times of creation of the rows.
    /// - Throws: ``MLOpsError`` as ``init(keys:times:created:missing:)`` does.
    public static func pair(
        queries: (keys: [String?], times: [Int64]), rows: (keys: [String?], times: [Int64], created: [Int64]?)
    ) throws -> (queries: AsOfTable, rows: AsOfTable) {
        var numbers: [String: Int64] = [:]
        func numbered(_ keys: [String?]) -> (keys: [Int64], missing: [Int]) {
            var missing: [Int] = []
            let result = keys.enumerated().map { place, key -> Int64 in
                guard let key else {
                    missing.append(place)
                    return 0
                }
                if let number = numbers[key] { return number }
                numbers[key] = Int64(numbers.count)
                return Int64(numbers.count - 1)
            }
            return (result, missing)
        }
        let (rowKeys, queryKeys) = (numbered(rows.keys), numbered(queries.keys))
        return (
            try AsOfTable(keys: queryKeys.keys, times: queries.times, missing: queryKeys.missing),
            try AsOfTable(keys: rowKeys.keys, times: rows.times, created: rows.created, missing: rowKeys.missing)
        )
    }
}
