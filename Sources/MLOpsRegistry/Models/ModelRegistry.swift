public import Foundation
internal import GRDB
public import MLOpsCore

/// Models and their versions, aliases and gates, evidence, runs and lineage: one SQLite file, artifacts beside it.
///
/// - Any number of processes may use one folder at the same time; each change is one transaction, each is kept when
///   its call returns, and a kill at any instant leaves all of it or nothing.
/// - Nothing is ever changed or deleted: every change is an entry of a hash-chained log, and aliases are a fold of it.
/// - Where the file is locked for longer than the timeout, calls throw ``MLOpsError`` with `unavailable`; where the
///   disk is full, `storage`.
public struct ModelRegistry: Sendable {
    /// The packages' files, under their digests.
    public let artifacts: any ArtifactStore
    /// The runs that trained the models.
    public let runs: RunLog
    /// What came from what.
    public let lineage: LineageGraph

    let database: RegistryDatabase
    let clock: WallClock

    /// Opens the registry in a folder, or makes it.
    ///
    /// - Parameters:
    ///   - folder: holds `registry.sqlite`, `artifacts` and `runs`.
    ///   - clock: says when something happened.
    ///   - gates: the gate of each alias of a new registry; one that exists keeps its own.
    ///   - timeout: how long to wait while another process writes.
    ///   - artifacts: where packages go; `nil` for the folder `artifacts`.
    /// - Throws: `newerSchema` when a newer release made the file, `storage` when the folder can't be written.
    public init(
        at folder: URL, clock: WallClock = .system, gates: [String: Gate] = Gate.standard,
        timeout: Duration = .seconds(10), artifacts: (any ArtifactStore)? = nil
    ) async throws {
        try await self.init(
            at: folder, clock: clock, gates: gates, timeout: timeout, artifacts: artifacts, pageLimit: nil)
    }

    /// Opens the registry with a limit to its file's size, which acts as a full disk would.
    package init(
        at folder: URL, clock: WallClock = .system, gates: [String: Gate] = Gate.standard,
        timeout: Duration = .seconds(10), artifacts: (any ArtifactStore)? = nil, pageLimit: Int?
    ) async throws {
        try DurableFile.makeFolder(folder)
        let database = try RegistryDatabase(
            at: folder.appendingPathComponent("registry.sqlite"), timeout: timeout, pageLimit: pageLimit)
        self.database = database
        self.clock = clock
        self.artifacts = try artifacts ?? LocalArtifactStore(at: folder.appendingPathComponent("artifacts"))
        lineage = LineageGraph(database: database)
        runs = try RunLog(database: database, clock: clock, locks: folder.appendingPathComponent("runs"))
        for alias in gates.keys { try Self.check(name: alias, "alias") }
        let now = clock.now()
        try await database.write { db in
            guard try !Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM event)")! else { return }
            for (alias, gate) in gates.sorted(by: { $0.key < $1.key }) {
                _ = try EventLog.append(
                    .gateSet(alias: alias, gate: gate), by: "registry", why: "creation", at: now, to: db)
            }
        }
    }

    /// Stores a package and gives it the next number under its model's name.
    ///
    /// Registering a package that the model already has returns the version that it has, so a retry is safe.
    /// - Parameter run: the id of the run that trained it; by default what the package's provenance says under `run`.
    @discardableResult public func register(
        _ package: ModelPackage, by who: String, why: String, run: String? = nil
    ) async throws -> ModelVersion {
        let model = package.manifest.name
        try Self.check(name: model, "model")
        try Self.check(who: who, why: why)
        try await package.store(in: artifacts)
        let (digest, run, now) = (package.digest, run ?? package.manifest.provenance["run"], clock.now())
        return try await database.write { db in
            if let known = try Self.versions(db, where: "model = ? AND package = ?", [model, digest.hex]).first {
                return known
            }
            let last = try Int.fetchOne(
                db.cachedStatement(sql: "SELECT max(number) FROM version WHERE model = ?"), arguments: [model])
            let number = (last ?? 0) + 1
            let event = try EventLog.append(
                .registered(model: model, version: number, package: digest, run: run), by: who, why: why, at: now,
                to: db)
            try db.run(
                "INSERT INTO version (model, number, package, who, why, run, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [model, number, digest.hex, who, why, run, event.at.milliseconds])
            let version = ModelVersion(
                model: model, number: number, package: digest, registeredBy: who, reason: why, run: run,
                registeredAt: event.at)
            try LineageGraph.insert(Self.lineage(of: version), into: db)
            return version
        }
    }

    /// The names of all models, sorted.
    public func models() async throws -> [String] {
        try await database.read { try String.fetchAll($0, sql: "SELECT DISTINCT model FROM version ORDER BY model") }
    }

    /// The versions of a model, oldest first; none for a model that is not there.
    public func versions(of model: String) async throws -> [ModelVersion] {
        try await database.read { try Self.versions($0, where: "model = ?", [model]) }
    }

    /// One version of a model; throws `notFound`.
    public func version(_ number: Int, of model: String) async throws -> ModelVersion {
        try await database.read { try Self.version($0, number, of: model) }
    }

    /// The versions that have a package, under whatever names.
    public func versions(with package: Digest) async throws -> [ModelVersion] {
        try await database.read { try Self.versions($0, where: "package = ?", [package.hex]) }
    }

    /// The package of a version, every file verified.
    ///
    /// - Throws: `digestMismatch` when a stored file was damaged, `notFound` when it is gone.
    public func package(for version: ModelVersion) async throws -> ModelPackage {
        try await ModelPackage(version.package, from: artifacts)
    }
}
