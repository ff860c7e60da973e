internal import Foundation
internal import GRDB
public import MLOpsCore

extension ModelRegistry {
    /// Gives an alias a gate, or another one; the change is in the log.
    public func setGate(_ gate: Gate, for alias: String, by who: String, why: String) async throws {
        try Self.check(name: alias, "alias")
        try Self.check(who: who, why: why)
        let now = clock.now()
        try await database.write { db in
            _ = try EventLog.append(.gateSet(alias: alias, gate: gate), by: who, why: why, at: now, to: db)
        }
    }

    /// The gate of an alias; throws `notFound`.
    public func gate(of alias: String) async throws -> Gate { try await database.read { try Self.gate($0, alias) } }

    /// What the alias's gate says about a version now, without moving anything.
    public func decision(on version: ModelVersion, for alias: String) async throws -> GateDecision {
        let now = clock.now()
        return try await database.read { db in
            try Self.gate(db, alias).decision(
                on: version, evidence: Self.evidence(db, about: version.package), at: now)
        }
    }

    /// Keeps a statement about a package and returns its digest; recording it again changes nothing.
    ///
    /// The package need not be registered yet: a test may come before.
    @discardableResult public func record(_ evidence: Evidence) async throws -> Digest {
        let digest = try evidence.digest
        let body = String(decoding: try CanonicalJSON.encode(evidence), as: UTF8.self)
        try Self.check(who: evidence.issuer, why: evidence.summary)
        let now = clock.now()
        try await database.write { db in
            let sql = "SELECT EXISTS (SELECT 1 FROM evidence WHERE digest = ?)"
            if try Bool.fetchOne(db, sql: sql, arguments: [digest.hex]) == true { return }
            _ = try EventLog.append(
                .evidenceRecorded(
                    evidence: digest, kind: evidence.kind, subject: evidence.subject, verdict: evidence.verdict),
                by: evidence.issuer, why: evidence.summary, at: now, to: db)
            try db.run(
                "INSERT INTO evidence (digest, subject, body) VALUES (?, ?, ?)",
                [digest.hex, evidence.subject.hex, body])
            let seen = evidence.basis.map { LineageNode(.evidence, $0.description) }
            try LineageGraph.insert(
                [
                    LineageEvent(
                        LineageNode(.evidence, digest.description),
                        from: [LineageNode(.package, evidence.subject.description)] + seen,
                        by: evidence.kind == .approval ? "approved" : "tested", at: evidence.issuedAt,
                        attributes: [
                            "kind": evidence.kind.description, "verdict": evidence.verdict.rawValue,
                            "by": evidence.issuer,
                        ])
                ], into: db)
        }
        return digest
    }

    /// The evidence about a package, in the order in which it was recorded; dates to the millisecond.
    public func evidence(for package: Digest) async throws -> [Evidence] {
        try await database.read { try Self.evidence($0, about: package) }
    }

    static func gate(_ db: Database, _ alias: String) throws -> Gate {
        let events = try EventLog.events(db, where: "alias = ? AND model IS NULL", [alias])
        guard case .gateSet(_, let gate)? = events.last?.change else {
            throw MLOpsError(
                .notFound, "The alias '\(alias)' has no gate, so it can't be moved.",
                help: "Set one with setGate; Gate(requiring: []) lets every version pass.")
        }
        return gate
    }

    static func evidence(_ db: Database, about package: Digest) throws -> [Evidence] {
        try String.fetchAll(
            db, sql: "SELECT body FROM evidence WHERE subject = ? ORDER BY sequence", arguments: [package.hex]
        ).map { try CanonicalJSON.decode(Evidence.self, from: Data($0.utf8), source: "the registry") }
    }
}
