internal import Foundation
internal import GRDB
public import MLOpsCore

/// The runs of training: parameters, metrics of every step, tags, and what became of them.
public struct RunLog: Sendable {
    private let database: RegistryDatabase
    private let clock: WallClock
    private let locks: URL

    init(database: RegistryDatabase, clock: WallClock, locks: URL) throws {
        self.database = database
        self.clock = clock
        self.locks = locks
        try DurableFile.makeFolder(locks)
    }

    /// Starts a run.
    ///
    /// - Parameters:
    ///   - id: its id, 1 to 100 letters, digits, `-`, `_` and `.`; by default a new UUID that sorts by time.
    ///   - dataset: the dataset version that it learns from; goes into the lineage graph.
    ///   - manifest: what else made it, such as seed and toolchain; kept as canonical JSON.
    /// - Throws: `alreadyExists` when the id is taken.
    public func start(
        _ name: String, id: String? = nil, parameters: [String: String] = [:], tags: [String: String] = [:],
        dataset: Digest? = nil, manifest: (any Encodable & Sendable)? = nil
    ) async throws -> ActiveRun {
        let now = clock.now()
        var chance = SystemRandomNumberGenerator()
        let id = id ?? RunIdentifier.make(at: now, using: &chance)
        try ModelRegistry.check(name: name, "run")
        guard let lock = try RunLock(at: lockURL(id)) else { throw Self.isTaken(id) }
        let json = try manifest.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
        let event = LineageEvent(
            LineageNode(.run, id), from: dataset.map { [LineageNode(.dataset, $0.description)] } ?? [], by: "trained",
            at: now, attributes: parameters.merging(["name": name]) { $1 })
        try await database.write { db in
            if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE id = ?)", arguments: [id]) == true {
                throw Self.isTaken(id)
            }
            try db.run(
                "INSERT INTO run (id, name, started, dataset, manifest) VALUES (?, ?, ?, ?, ?)",
                [id, name, now.milliseconds, dataset?.hex, json])
            try Self.insert(parameters, of: id, into: db)
            for (name, value) in tags {
                try db.run("INSERT INTO run_tag (run, name, value) VALUES (?, ?, ?)", [id, name, value])
            }
            try LineageGraph.insert([event], into: db)
        }
        return ActiveRun(id: id, database: database, clock: clock, lock: lock)
    }

    /// Goes on with a run that was interrupted.
    ///
    /// - Throws: `unavailable` when another process works on it, `invalidArgument` when it has ended, `notFound`.
    public func resume(_ id: String) async throws -> ActiveRun {
        let record = try await run(id)
        guard record.endedAt == nil else {
            throw MLOpsError(
                .invalidArgument, "The run \(id) has ended as '\(record.status.rawValue)'.", help: "Start a new run.")
        }
        guard let lock = try RunLock(at: lockURL(id)) else {
            throw MLOpsError(
                .unavailable, "The run \(id) is held by a living process.", help: "Wait for it, or end that process.")
        }
        return ActiveRun(id: id, database: database, clock: clock, lock: lock)
    }

    /// One run; throws `notFound`.
    public func run(_ id: String) async throws -> RunRecord {
        guard let record = try await records(where: "id = ?", [id], limit: 1).first else {
            throw MLOpsError(
                .notFound, "There is no run \(id).", help: "List the runs, or check the registry's folder.")
        }
        return record
    }

    /// The runs, newest first.
    ///
    /// - Parameter name: only those of this name; `nil` for all.
    public func runs(named name: String? = nil, limit: Int = 1000) async throws -> [RunRecord] {
        try await records(where: "name = ifnull(?, name)", [name], limit: limit)
    }

    /// The values of a metric in a run, by step; where a step was logged twice, both, in the order of logging.
    public func history(of metric: String, in run: String) async throws -> [MetricPoint] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT step, value, at FROM run_metric WHERE run = ? AND name = ? ORDER BY step, sequence",
                arguments: [run, metric]
            ).map { MetricPoint(step: $0["step"], value: $0["value"] ?? .nan, at: Date(milliseconds: $0["at"])) }
        }
    }

    static func insert(_ parameters: [String: String], of run: String, into db: Database) throws {
        for (name, value) in parameters {
            try db.run("INSERT OR IGNORE INTO run_parameter (run, name, value) VALUES (?, ?, ?)", [run, name, value])
            let kept = try String.fetchOne(
                db.cachedStatement(sql: "SELECT value FROM run_parameter WHERE run = ? AND name = ?"),
                arguments: [run, name])
            guard kept == value else {
                throw MLOpsError(
                    .alreadyExists, "The run \(run) has the parameter '\(name)' = '\(kept ?? "")', not '\(value)'.",
                    help: "Parameters don't change during a run; start a new run, or use a tag or a metric.")
            }
        }
    }

    private func records(where condition: String, _ arguments: StatementArguments, limit: Int) async throws
        -> [RunRecord]
    {
        let records = try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT *,
                        (SELECT json_group_object(name, value) FROM run_parameter WHERE run = run.id) AS parameters,
                        (SELECT json_group_object(name, value) FROM run_tag WHERE run = run.id) AS tags
                    FROM run WHERE \(condition) ORDER BY started DESC, id DESC LIMIT \(max(0, limit))
                    """, arguments: arguments
            ).map { row in (row, try Self.latest(db, row["id"])) }.map { try self.record($0, metrics: $1) }
        }
        return records
    }

    private static func latest(_ db: Database, _ run: String) throws -> [String: Double] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT name, value FROM run_latest WHERE run = ?"), arguments: [run])
        return Dictionary(rows.map { ($0["name"], $0["value"] ?? .nan) }) { $1 }
    }

    private func record(_ row: Row, metrics: [String: Double]) throws -> RunRecord {
        func words(_ column: String) throws -> [String: String] {
            try CanonicalJSON.decode(
                [String: String].self, from: Data((row[column] as String).utf8), source: "the registry's runs")
        }
        let id: String = row["id"]
        let ended: RunRecord.Status? = (row["status"] as String?).flatMap(RunRecord.Status.init)
        let dataset: String? = row["dataset"]
        return RunRecord(
            id: id, name: row["name"],
            status: try ended ?? (RunLock.isHeld(at: lockURL(id)) ? .running : .interrupted),
            startedAt: Date(milliseconds: row["started"]),
            endedAt: (row["ended"] as Int64?).map(Date.init(milliseconds:)),
            dataset: dataset.flatMap(Digest.init(hex:)), parameters: try words("parameters"), tags: try words("tags"),
            metrics: metrics, manifest: row["manifest"])
    }

    private func lockURL(_ id: String) throws -> URL {
        let isClean = id.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0 & 0xDF) || $0 == 45 || $0 == 46 || $0 == 95
        }
        guard isClean, (1...100).contains(id.utf8.count), !id.hasPrefix(".") else {
            throw MLOpsError(
                .invalidArgument, "'\(id.prefix(200))' can't be the id of a run.",
                help: "Use 1 to 100 letters, digits, '-', '_' and '.', not starting with '.'.")
        }
        return locks.appendingPathComponent(id + ".lock")
    }

    private static func isTaken(_ id: String) -> MLOpsError {
        MLOpsError(.alreadyExists, "There is a run \(id) already.", help: "Give another id, or resume that run.")
    }
}
