internal import Foundation
internal import GRDB
internal import MLOpsCore

extension Database {
    /// Runs a statement that is compiled once a connection.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension Date {
    /// Whole milliseconds since 1970, as the file keeps times.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    /// The time at whole milliseconds since 1970.
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Row {
    /// The digest in a column; throws `corruptData` when there is none.
    func digest(_ column: String) throws -> Digest {
        guard let text: String = self[column], let digest = Digest(hex: text) else {
            throw MLOpsError(
                .corruptData, "The registry's column '\(column)' holds no digest.",
                help: "Restore the file from a copy.")
        }
        return digest
    }
}
