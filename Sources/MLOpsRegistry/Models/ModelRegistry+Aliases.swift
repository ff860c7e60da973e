public import Foundation
internal import GRDB
internal import MLOpsCore

extension ModelRegistry {
    /// Moves an alias, such as `production`, to a version, if the alias's gate lets it pass.
    ///
    /// Moving it to where it is changes nothing, so a retry is safe.
    /// - Throws: `gateRefused` with all that is missing; `notFound` when the version or the alias's gate is not there.
    @discardableResult public func move(
        alias: String, of model: String, to number: Int, by who: String, why: String
    ) async throws -> ModelVersion {
        try Self.check(who: who, why: why)
        let now = clock.now()
        return try await database.write { db in
            let version = try Self.version(db, number, of: model)
            let current = try Self.state(db, alias, of: model).current
            if current == number { return version }
            let decision = try Self.gate(db, alias).decision(
                on: version, evidence: Self.evidence(db, about: version.package), at: now)
            try decision.check(alias: alias)
            _ = try EventLog.append(
                .aliasMoved(model: model, alias: alias, from: current, to: number, evidence: decision.evidence),
                by: who, why: why, at: now, to: db)
            return version
        }
    }

    /// Moves an alias back to the version that held it before, in one call.
    ///
    /// That version has passed the gate, so evidence that has expired since does not stop it; a fail does.
    /// - Throws: `notFound` when no version held it before; `gateRefused` when evidence recorded since says fail.
    @discardableResult public func rollBack(
        alias: String, of model: String, by who: String, why: String
    ) async throws -> ModelVersion {
        try Self.check(who: who, why: why)
        let now = clock.now()
        return try await database.write { db in
            let state = try Self.state(db, alias, of: model)
            guard let current = state.current, let previous = state.previous else {
                throw MLOpsError(
                    .notFound, "No version held '\(alias)' of '\(model)' before.",
                    help: "Move the alias to the version that you want.")
            }
            let version = try Self.version(db, previous, of: model)
            try Self.gate(db, alias).decisionOnReturn(
                of: version, evidence: Self.evidence(db, about: version.package)
            ).check(alias: alias)
            _ = try EventLog.append(
                .aliasRolledBack(model: model, alias: alias, from: current, to: previous), by: who, why: why, at: now,
                to: db)
            return version
        }
    }

    /// The version that an alias points to, now or at an earlier time; `nil` when it pointed nowhere.
    public func alias(_ alias: String, of model: String, at date: Date? = nil) async throws -> ModelVersion? {
        try await database.read { db in
            try Self.state(db, alias, of: model, at: date).current.map { try Self.version(db, $0, of: model) }
        }
    }

    /// All aliases of a model with the versions that they point to, now or at an earlier time.
    public func aliases(of model: String, at date: Date? = nil) async throws -> [String: ModelVersion] {
        try await database.read { db in
            let names = try String.fetchAll(
                db, sql: "SELECT DISTINCT alias FROM event WHERE model = ? AND alias IS NOT NULL", arguments: [model])
            var aliases: [String: ModelVersion] = [:]
            for name in names {
                aliases[name] = try Self.state(db, name, of: model, at: date).current.map {
                    try Self.version(db, $0, of: model)
                }
            }
            return aliases
        }
    }

    private static func state(_ db: Database, _ alias: String, of model: String, at date: Date? = nil) throws
        -> AliasState
    {
        AliasState(
            folding: try EventLog.events(
                db, where: "model = ? AND alias = ? AND at <= ?", [model, alias, date?.milliseconds ?? .max]))
    }
}
