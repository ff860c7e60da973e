internal import Foundation
internal import GRDB
public import MLOpsCore

/// A transaction on a ``DatasetStore``.
struct StoreBatch {
    let database: Database
    let writer: PackWriter
    private let known: Statement
    private let insertion: Statement
    private let hasErased: Bool

    init(database: Database, writer: PackWriter) throws {
        self.database = database
        self.writer = writer
        known = try database.cachedStatement(sql: "SELECT 1 FROM object WHERE digest = ? AND pack > 0")
        insertion = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO object (digest, pack, offset, count, loose) VALUES (?, ?, ?, ?, ?)")
        hasErased = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM erased)") ?? false
    }

    /// Stores bytes that are not stored yet.
    ///
    /// - Parameter loose: when bytes were stored that nothing names yet, in seconds since 1970; garbage collection
    ///   leaves them alone for a while.
    /// - Throws: ``MLOpsError`` with `erased`.
    func store(_ bytes: Data, _ digest: Digest, loose: Int64? = nil) throws {
        if hasErased { try refuseErased(digest) }
        if try contains(digest) {
            guard let loose else { return }
            return try database.execute(
                sql: "UPDATE object SET loose = max(ifnull(loose, 0), ?) WHERE digest = ?",
                arguments: [loose, digest.blob])
        }
        let location = try writer.append(bytes, digest) { try nextPack() }
        try insertion.execute(
            arguments: [digest.blob, location.pack, location.offset, location.count, loose])
    }

    /// Whether bytes with that digest are stored; those that ``forget(_:)`` gave up are not.
    func contains(_ digest: Digest) throws -> Bool {
        try Row.fetchOne(known, arguments: [digest.blob]) != nil
    }

    /// Whether bytes with that digest were erased, and must not come back.
    func isErased(_ digest: Digest) throws -> Bool {
        guard hasErased else { return false }
        let statement = try database.cachedStatement(sql: "SELECT 1 FROM erased WHERE digest = ?")
        return try Row.fetchOne(statement, arguments: [digest.blob]) != nil
    }

    /// Gives up bytes that are lost, so that they are stored anew when they come again.
    ///
    /// No pack has the number 0: whoever asks for them meanwhile is told that they are missing.
    func forget(_ digest: Digest) throws {
        try database.execute(sql: "UPDATE object SET pack = 0 WHERE digest = ?", arguments: [digest.blob])
    }

    /// Moves bytes to another pack.
    func move(_ bytes: Data, _ digest: Digest) throws {
        let location = try writer.append(bytes, digest) { try nextPack() }
        try database.cachedStatement(sql: "UPDATE object SET pack = ?, offset = ?, count = ? WHERE digest = ?").execute(
            arguments: [location.pack, location.offset, location.count, digest.blob])
    }

    /// Enters a version whose nodes are stored; one that is there stays, and its log too when no other comes.
    func commit(_ header: VersionHeader, rejections: [Rejection], at time: Date) throws -> Digest {
        let bytes = try CanonicalJSON.encode(header)
        let digest = Digest(of: bytes)
        try store(bytes, digest)
        var log: Digest?
        if !rejections.isEmpty {
            let lines = try rejections.reduce(into: Data()) { $0 += try CanonicalJSON.encode($1) + Data("\n".utf8) }
            log = Digest(of: lines)
            try store(lines, Digest(of: lines))
        }
        try database.execute(
            sql: """
                INSERT INTO version (digest, at, rejections) VALUES (?, ?, ?)
                ON CONFLICT (digest) DO UPDATE SET rejections = coalesce(excluded.rejections, rejections)
                """, arguments: [digest.blob, time.milliseconds, log?.blob])
        // What was retired for an erasure may come about again without what was erased.
        try database.execute(sql: "DELETE FROM retired WHERE digest = ?", arguments: [digest.blob])
        return digest
    }

    private func nextPack() throws -> Int {
        let row = try Row.fetchOne(
            database, sql: "UPDATE counter SET value = value + 1 WHERE name = 'pack' RETURNING value")
        guard let number = try row?.decode(Int.self, atIndex: 0), number > 0 else {
            throw MLOpsError(
                .corruptData, "The store's database has no counter of packs.", help: "Restore it from a copy.")
        }
        return number
    }

    private func refuseErased(_ digest: Digest) throws {
        guard try isErased(digest) else { return }
        throw MLOpsError(
            .erased, "The bytes \(digest) were erased, and are not taken in again.",
            help: "Leave this record out of the source; the receipt of its erasure says why.")
    }
}

extension MLOpsError.Code {
    /// The bytes were erased for good, and are refused.
    public static let erased = MLOpsError.Code("erased")
}
