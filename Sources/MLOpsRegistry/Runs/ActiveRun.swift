internal import Foundation
internal import GRDB
internal import MLOpsCore

/// A run that this process works on; while it is held, others see the run as running.
///
/// Let go of it without ``finish(_:)``, by an error or a kill, and the run shows as interrupted.
public final class ActiveRun: Sendable {
    /// The run's id.
    public let id: String

    private let database: RegistryDatabase
    private let clock: WallClock
    private let lock: RunLock

    init(id: String, database: RegistryDatabase, clock: WallClock, lock: RunLock) {
        self.id = id
        self.database = database
        self.clock = clock
        self.lock = lock
    }

    /// Logs the values of metrics at a step; the same value again adds nothing, so a resumed run may repeat steps.
    public func log(_ metrics: [String: Double], step: Int) async throws {
        let now = clock.now().milliseconds
        try await write { [id] db in
            for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
                // SQLite has no NaN: NULL stands for it.
                let value = value.isNaN ? nil : value
                try db.run(
                    "INSERT OR IGNORE INTO run_metric (run, name, step, value, at) VALUES (?, ?, ?, ?, ?)",
                    [id, name, step, value, now])
                try db.run(
                    """
                    INSERT INTO run_latest (run, name, step, value) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
                    SET step = excluded.step, value = excluded.value WHERE excluded.step >= step
                    """, [id, name, step, value])
            }
        }
    }

    /// Adds parameters; throws `alreadyExists` when one has another value already.
    public func log(parameters: [String: String]) async throws {
        try await write { [id] db in try RunLog.insert(parameters, of: id, into: db) }
    }

    /// Adds tags, or gives them other values.
    public func tag(_ tags: [String: String]) async throws {
        try await write { [id] db in
            for (name, value) in tags {
                try db.run("INSERT OR REPLACE INTO run_tag (run, name, value) VALUES (?, ?, ?)", [id, name, value])
            }
        }
    }

    /// Ends the run; nothing can be logged to it any more.
    ///
    /// - Parameter status: `finished` or `failed`.
    public func finish(_ status: RunRecord.Status = .finished) async throws {
        guard status == .finished || status == .failed else {
            throw MLOpsError(
                .invalidArgument, "A run can't end as '\(status.rawValue)'.", help: "Use finished or failed.")
        }
        let now = clock.now().milliseconds
        try await write { [id] db in
            try db.run("UPDATE run SET status = ?, ended = ? WHERE id = ?", [status.rawValue, now, id])
        }
    }

    private func write(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await database.write { [id] db in
            let status = try String.fetchOne(
                db.cachedStatement(sql: "SELECT status FROM run WHERE id = ?"), arguments: [id])
            if let status {
                throw MLOpsError(
                    .invalidArgument, "The run \(id) has ended as '\(status)'; nothing can be added.",
                    help: "Start a new run.")
            }
            try body(db)
        }
    }
}
