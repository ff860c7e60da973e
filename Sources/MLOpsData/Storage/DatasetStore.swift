public import Foundation
internal import GRDB
public import MLOpsCore

/// A folder of dataset versions and of the bytes that they name.
///
///     packs/000001.pack …   bytes of records, nodes and headers of manifests: framed, one after the other, each once
///     store.sqlite          where each digest lies in the packs; versions, tags, erasures, ingestions under way
///
/// Small files are packed so that a batch of hundreds costs one flush to the disk. The order is fixed: first a pack is
/// flushed (`fsync`, and its folder when it is new), then SQLite commits the index, the journal and the version in one
/// transaction (`synchronous = FULL`); so what the index names is there, at whatever instant the process is killed or
/// the power fails. Any number of processes can use a store at a time.
public struct DatasetStore: ArtifactStore {
    /// The folder.
    public let root: URL
    let database: DatabasePool
    let reader: PackReader
    let writer: PackWriter
    let clock: WallClock

    /// Opens the store in a folder, which is made when it is not there.
    ///
    /// - Parameter clock: tells when versions are committed and tags moved.
    /// - Throws: ``MLOpsError`` with `storage`, `newerSchema`, `corruptData`, or `unavailable` when the database is
    ///   locked.
    public init(at root: URL, clock: WallClock = .system) throws {
        try self.init(at: root, clock: clock, maxPackBytes: 64 << 20)
    }

    package init(at root: URL, clock: WallClock = .system, maxPackBytes: Int) throws {
        self.root = root
        self.clock = clock
        let packs = root.appending(path: "packs")
        if !FileManager.default.fileExists(atPath: packs.path) { try DurableFile.makeFolder(packs) }
        database = try StoreSchema.open(at: root.appending(path: "store.sqlite"))
        reader = PackReader(in: packs)
        writer = PackWriter(in: packs, maxPackBytes: maxPackBytes)
    }

    /// Stores bytes and returns their digest.
    ///
    /// Each call waits for the disk; ``Ingestion`` stores hundreds at a time. Bytes that no version names are garbage
    /// after a day; see ``collectGarbage(dryRun:sparingLooseFor:)``.
    ///
    /// - Throws: ``MLOpsError`` with `storage`, or `erased` for bytes that were erased.
    @discardableResult public func store(_ bytes: Data) async throws -> Digest {
        let (digest, now) = (Digest(of: bytes), Int64(clock.now().timeIntervalSince1970))
        try await write { batch in
            try batch.store(bytes, digest, loose: now)
        }
        return digest
    }

    /// The bytes under a digest, verified.
    public func load(_ digest: Digest) async throws -> Data {
        guard let location = try await locations(of: [digest])[0] else { throw missing(digest) }
        return try bytes(of: digest, at: location)
    }

    /// Whether bytes with that digest are stored.
    public func contains(_ digest: Digest) async throws -> Bool { try await locations(of: [digest])[0] != nil }

    /// Where the bytes of each digest lie; `nil` where they are not stored.
    func locations(of digests: [Digest]) async throws -> [PackLocation?] {
        try await reading { database in try digests.map { try Self.location(of: $0, in: database) } }
    }

    static func location(of digest: Digest, in database: Database) throws -> PackLocation? {
        let statement = try database.cachedStatement(sql: "SELECT pack, offset, count FROM object WHERE digest = ?")
        return try Row.fetchOne(statement, arguments: [digest.blob]).map {
            PackLocation(
                pack: try $0.decode(atIndex: 0), offset: try $0.decode(atIndex: 1), count: try $0.decode(atIndex: 2))
        }
    }

    /// The bytes at a location, checked against their digest.
    ///
    /// Garbage collection may have moved them meanwhile; then they are looked up again.
    func bytes(of digest: Digest, at location: PackLocation) throws -> Data {
        do { return try verified(digest, at: location) } catch let error as MLOpsError {
            let now = try readingNow { try Self.location(of: digest, in: $0) }
            guard let now else { throw missing(digest) }
            guard now != location else { throw error }
            return try verified(digest, at: now)
        }
    }

    /// The bytes at a location, which must have that digest.
    func verified(_ digest: Digest, at location: PackLocation) throws -> Data {
        let bytes = try reader.bytes(at: location)
        let found = Digest(of: bytes)
        guard found == digest else {
            throw MLOpsError(
                .digestMismatch, "The bytes under \(digest) in \(root.path) have the digest \(found).",
                help: "The pack was damaged or changed; run fsck, and restore it from a copy.")
        }
        return bytes
    }

    /// The trees of manifests, read through a transaction.
    func trees(in database: Database) -> ManifestTree {
        ManifestTree { digest in
            guard let location = try Self.location(of: digest, in: database) else { throw missing(digest) }
            return [UInt8](try verified(digest, at: location))
        }
    }

    /// Runs `body` in one transaction; the packs are on the disk before it is committed.
    func write<Value: Sendable>(_ body: @escaping @Sendable (StoreBatch) throws -> Value) async throws -> Value {
        do { return try await database.write { try transact($0, body) } } catch {
            throw MLOpsError.database(error, at: database.path)
        }
    }

    /// ``write(_:)`` for callers that are not asynchronous.
    func writeNow<Value>(_ body: (StoreBatch) throws -> Value) throws -> Value {
        do { return try database.write { try transact($0, body) } } catch {
            throw MLOpsError.database(error, at: database.path)
        }
    }

    private func transact<Value>(_ database: Database, _ body: (StoreBatch) throws -> Value) throws -> Value {
        let value = try body(StoreBatch(database: database, writer: writer))
        try writer.flush()
        return value
    }

    func reading<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.read(body) } catch { throw MLOpsError.database(error, at: database.path) }
    }

    /// ``reading(_:)`` for callers that are not asynchronous.
    ///
    /// Garbage collection may have moved bytes since the transaction began, so what can't be read is tried once more.
    func readingNow<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            do { return try database.read(body) } catch let error as MLOpsError
                where [.notFound, .corruptData].contains(error.code)
            {
                return try database.read(body)
            }
        } catch { throw MLOpsError.database(error, at: database.path) }
    }

    private func missing(_ digest: Digest) -> MLOpsError {
        MLOpsError(
            .notFound, "No bytes \(digest) in \(root.path).",
            help: "Check the digest; the bytes may be in another store, or have been erased.")
    }
}
