internal import Foundation
internal import GRDB
public import MLOpsCore

extension ModelRegistry {
    /// All that happened to a model, oldest first: its versions, its aliases, and the evidence about its packages.
    public func history(of model: String) async throws -> [RegistryEvent] {
        try await database.read { db in
            try EventLog.events(
                db, where: "model = ? OR subject IN (SELECT package FROM version WHERE model = ?)", [model, model])
        }
    }

    /// The entries of the log after a number, oldest first.
    public func events(after number: Int = 0, limit: Int = 1000) async throws -> [RegistryEvent] {
        try await database.read { db in
            try EventLog.events(db, where: "number > ? AND number <= ?", [number, number &+ max(0, limit)])
        }
    }

    /// The last entry of the log; `nil` for an empty log.
    public func logHead() async throws -> LogHead? {
        try await database.read { db in
            try Row.fetchOne(db, sql: "SELECT number, digest FROM event ORDER BY number DESC LIMIT 1").map {
                LogHead(number: $0["number"], digest: try $0.digest("digest"))
            }
        }
    }

    /// Recomputes the whole chain, and checks that versions and evidence are those that the log speaks of.
    ///
    /// - Parameter noted: a head that was noted before; the log must still hold it.
    /// - Returns: the head, to be noted for the next time.
    /// - Throws: `digestMismatch` with the first entry that is not what was written.
    @discardableResult public func verifyLog(including noted: LogHead? = nil) async throws -> LogHead? {
        try await database.read { db in
            var (versions, statements) = (0, 0)
            let head = try EventLog.verify(db, including: noted) { event in
                switch event.change {
                case .registered(let model, let number, let package, let run):
                    versions += 1
                    let expected = ModelVersion(
                        model: model, number: number, package: package, registeredBy: event.who, reason: event.why,
                        run: run, registeredAt: event.at)
                    guard try Self.versions(db, where: "model = ? AND number = ?", [model, number]) == [expected] else {
                        throw EventLog.broken(event.number, "the version \(model)/\(number) says something else")
                    }
                case .evidenceRecorded(let digest, _, let subject, _):
                    statements += 1
                    let body = try String.fetchOne(
                        db.cachedStatement(sql: "SELECT body FROM evidence WHERE digest = ? AND subject = ?"),
                        arguments: [digest.hex, subject.hex])
                    guard let body, Digest(of: Data(body.utf8)) == digest else {
                        throw EventLog.broken(event.number, "the evidence \(digest.short) is gone or was changed")
                    }
                case .gateSet, .aliasMoved, .aliasRolledBack: break
                }
            }
            let found = try Row.fetchOne(
                db, sql: "SELECT (SELECT count(*) FROM version) AS v, (SELECT count(*) FROM evidence) AS e")
            guard found?["v"] == versions, found?["e"] == statements else {
                throw EventLog.broken(head?.number ?? 0, "there are versions or evidence that the log does not know")
            }
            return head
        }
    }

    /// The versions whose packages can't be loaded whole, each with the reason; none when all is well.
    public func damagedVersions() async throws -> [(version: ModelVersion, reason: MLOpsError)] {
        let versions = try await database.read { try Self.versions($0, where: "1", []) }
        var damaged: [(version: ModelVersion, reason: MLOpsError)] = []
        for version in versions {
            do { _ = try await package(for: version) } catch let error as MLOpsError {
                damaged.append((version, error))
            }
        }
        return damaged
    }
}
