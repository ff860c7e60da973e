public import Foundation
internal import GRDB
public import MLOpsCore

/// A folder of dataset versions and of the bytes that they name.
///
///     packs/000001.pack …      the bytes, one after the other, each stored once
///     store.sqlite             where each digest lies in the packs; the journals of ingestions under way
///     versions/HEX.jsonl       the manifests; the SHA-256 of each file is its name
///     versions/HEX.rejected.jsonl   what its ingestion rejected, and why
///     tags/NAME                names for versions
///
/// Small files are packed so that a batch of hundreds costs one flush to the disk. The order is fixed: first a pack is
/// flushed, then the index is committed in the same transaction as the journal; so what the index names is there, at
/// whatever instant the process is killed or the power fails.
public struct DatasetStore: ArtifactStore {
    /// The folder.
    public let root: URL
    let database: DatabasePool
    let reader: PackReader
    private let writer: PackWriter

    /// Opens the store in a folder, which is made when it is not there.
    ///
    /// - Throws: ``MLOpsError`` with `storage`, `newerSchema`, or `unavailable` when the database is locked.
    public init(at root: URL) throws { try self.init(at: root, maxPackBytes: 64 << 20) }

    package init(at root: URL, maxPackBytes: Int) throws {
        self.root = root
        for folder in ["packs", "versions", "tags"] { try DurableFile.makeFolder(root.appending(path: folder)) }
        database = try StoreSchema.open(at: root.appending(path: "store.sqlite"))
        reader = PackReader(in: root.appending(path: "packs"))
        writer = PackWriter(in: root.appending(path: "packs"), maxPackBytes: maxPackBytes)
    }

    /// Stores bytes and returns their digest.
    ///
    /// Each call waits for the disk; ``Ingestion`` stores hundreds at a time.
    @discardableResult public func store(_ bytes: Data) async throws -> Digest {
        let digest = Digest(of: bytes)
        try await write { batch in
            try batch.store(bytes, digest)
        }
        return digest
    }

    /// The bytes under a digest, verified.
    public func load(_ digest: Digest) async throws -> Data {
        guard let location = try await locations(of: [digest])[0] else {
            throw MLOpsError(
                .notFound, "No bytes \(digest) in \(root.path).",
                help: "Check the digest; the bytes may be in another store.")
        }
        return try bytes(of: digest, at: location)
    }

    /// Whether bytes with that digest are stored.
    public func contains(_ digest: Digest) async throws -> Bool { try await locations(of: [digest])[0] != nil }

    /// Where the bytes of each digest lie; `nil` where they are not stored.
    func locations(of digests: [Digest]) async throws -> [PackLocation?] {
        try await reading { database in
            let statement = try database.cachedStatement(
                sql: "SELECT pack, offset, count FROM object WHERE digest = ?")
            return try digests.map { digest in
                try Row.fetchOne(statement, arguments: [Data(digest.bytes)]).map {
                    PackLocation(pack: $0[0], offset: $0[1], count: $0[2])
                }
            }
        }
    }

    /// The bytes at a location, checked against their digest.
    func bytes(of digest: Digest, at location: PackLocation) throws -> Data {
        let bytes = try reader.bytes(at: location)
        let found = Digest(of: bytes)
        guard found == digest else {
            throw MLOpsError(
                .digestMismatch, "The bytes under \(digest) in \(root.path) have the digest \(found).",
                help: "The pack was damaged or changed; restore it from a copy.")
        }
        return bytes
    }

    /// Runs `body` in one transaction; the packs are on the disk before it is committed.
    func write<Value: Sendable>(_ body: @escaping @Sendable (StoreBatch) throws -> Value) async throws -> Value {
        do {
            return try await database.write { database in
                let value = try body(StoreBatch(database: database, writer: writer))
                try writer.flush()
                return value
            }
        } catch { throw MLOpsError.database(error, at: database.path) }
    }

    func reading<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.read(body) } catch { throw MLOpsError.database(error, at: database.path) }
    }
}

/// A transaction on a ``DatasetStore``.
struct StoreBatch {
    let database: Database
    let writer: PackWriter

    /// Stores bytes that are not stored yet.
    func store(_ bytes: Data, _ digest: Digest) throws {
        let key = Data(digest.bytes)
        let known = try database.cachedStatement(sql: "SELECT 1 FROM object WHERE digest = ?")
        if try Row.fetchOne(known, arguments: [key]) != nil { return }
        let location = try writer.append(bytes)
        try database.cachedStatement(sql: "INSERT INTO object (digest, pack, offset, count) VALUES (?, ?, ?, ?)")
            .execute(arguments: [key, location.pack, location.offset, location.count])
    }
}
