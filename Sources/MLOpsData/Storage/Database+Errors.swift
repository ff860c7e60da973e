internal import Foundation
internal import GRDB
internal import MLOpsCore

extension MLOpsError {
    /// The error for a failure of SQLite, or the error itself when it is another.
    static func database(_ error: any Error, at path: String) -> any Error {
        if error is RowDecodingError {
            return MLOpsError(
                .corruptData, "The database \(path) holds a value of another kind than it should.",
                help: "It was damaged or changed; restore it from a copy.", cause: error)
        }
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return MLOpsError(
                .unavailable, "The database \(path) is locked.",
                help: "Another program is writing to it; try again when it is done.", cause: error)
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY:
            return MLOpsError(
                .storage, "The database \(path) can't be written.",
                help: "Check the disk's space and rights; what was committed is intact.", cause: error)
        case .SQLITE_CANTOPEN:
            return MLOpsError(
                .notFound, "The database \(path) can't be opened.", help: "Check the path and your rights.",
                cause: error)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return MLOpsError(
                .corruptData, "\(path) is no SQLite database, or is damaged.", help: "Restore it from a copy.",
                cause: error)
        default:
            return MLOpsError(
                .invalidArgument, "The database \(path) refuses: \(error.message ?? "no reason given").",
                help: "Check the query's table and column names.", cause: error)
        }
    }
}

extension Row {
    /// The digest in a column; throws `corruptData` for a blob of another length.
    func digest(_ index: Int) throws -> Digest {
        let bytes = try decode(Data.self, atIndex: index)
        guard let digest = Digest(bytes: bytes) else {
            throw MLOpsError(
                .corruptData, "The store's database has a digest of \(bytes.count) bytes.",
                help: "It was damaged or changed; restore it from a copy.")
        }
        return digest
    }
}

extension Digest {
    /// The 32 bytes, as SQLite takes them.
    var blob: Data { Data(bytes) }
}
