import Foundation
import MLOpsCore
import MLOpsData

/// Joins two tables as it is told, one command a line: `join` answers with its seconds, `write FILE` writes the values
/// of the last join, doubles with NaN for none.
///
/// Usage: `AsOfContender TABLES TASKS`; the file holds the numbers of queries and rows, then the queries' keys and times,
/// the rows' keys and times (64-bit integers) and the rows' values (doubles). Neither table need be in any order.
@main
struct AsOfContender {
    static func main() async throws {
        guard CommandLine.arguments.count == 3, let tasks = Int(CommandLine.arguments[2]) else {
            throw MLOpsError(.invalidArgument, "Two arguments are needed.", help: "AsOfContender TABLES TASKS")
        }
        let numbers = try Data(contentsOf: URL(filePath: CommandLine.arguments[1])).withUnsafeBytes {
            Array($0.bindMemory(to: Int64.self))
        }
        var rest = numbers.dropFirst(2)
        func column(_ count: Int64) -> [Int64] {
            defer { rest = rest.dropFirst(Int(count)) }
            return Array(rest.prefix(Int(count)))
        }
        let (queryKeys, queryTimes) = (column(numbers[0]), column(numbers[0]))
        let (rowKeys, rowTimes) = (column(numbers[1]), column(numbers[1]))
        let values = column(numbers[1]).map { Double(bitPattern: UInt64(bitPattern: $0)) }
        let join = AsOfJoin(tasks: tasks)
        var joined: [Double?] = []
        while let line = readLine() {
            let words = line.split(separator: " ")
            if words.first == "join" {
                let start = ContinuousClock.now
                let queries = try AsOfTable(keys: queryKeys, times: queryTimes)
                let rows = try AsOfTable(keys: rowKeys, times: rowTimes)
                joined = try await join.matches(of: queries, in: rows).values(of: values)
                print((ContinuousClock.now - start) / .seconds(1))
            } else if words.first == "write", words.count == 2 {
                let bytes = joined.map { $0 ?? .nan }.withUnsafeBytes { Data($0) }
                try bytes.write(to: URL(filePath: String(words[1])))
                print("written")
            } else {
                print("unknown: \(line)")
            }
            fflush(nil)
        }
    }
}
