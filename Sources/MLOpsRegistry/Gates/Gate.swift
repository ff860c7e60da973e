public import Foundation
public import MLOpsCore

/// What a package must show before an alias may point to it.
///
/// Of each kind of evidence, the statement that was recorded last counts, so a later fail withdraws an earlier pass.
public struct Gate: Sendable, Hashable, Codable {
    /// The kinds of evidence that must be there, in the order in which they are reported.
    public var kinds: [Evidence.Kind]
    /// Whether an approval must come from someone other than the person who registered the version.
    public var needsFourEyes: Bool

    /// Makes a gate.
    public init(requiring kinds: [Evidence.Kind], needsFourEyes: Bool = true) {
        self.kinds = kinds
        self.needsFourEyes = needsFourEyes
    }

    /// The gates of a new registry: `staging` asks for a model test; `production` asks for an application test and
    /// another person's approval as well.
    public static let standard: [String: Gate] = [
        "staging": Gate(requiring: [.modelTest]),
        "production": Gate(requiring: [.modelTest, .applicationTest, .approval]),
    ]

    /// Judges a version by its evidence.
    ///
    /// - Parameters:
    ///   - version: the version that wants to pass.
    ///   - evidence: statements in the order in which they were recorded; those about other packages are passed over.
    ///   - now: the time at which nothing may have expired.
    public func decision(on version: ModelVersion, evidence: [Evidence], at now: Date) throws -> GateDecision {
        var latest: [Evidence.Kind: Evidence] = [:]
        for statement in evidence where statement.subject == version.package { latest[statement.kind] = statement }
        var shortfalls: [GateDecision.Shortfall] = []
        for kind in kinds {
            guard let statement = latest[kind] else {
                shortfalls.append(.missing(kind))
                continue
            }
            if statement.verdict != .pass {
                shortfalls.append(.notPassed(kind, statement.verdict, issuer: statement.issuer))
            }
            if let end = statement.expiresAt, end <= now { shortfalls.append(.expired(kind, at: end)) }
            guard kind == .approval else { continue }
            if needsFourEyes, Self.isSame(statement.issuer, version.registeredBy) {
                shortfalls.append(.selfApproved(by: statement.issuer))
            }
            for test in kinds where test != .approval {
                if let seen = latest[test], !statement.basis.contains(try seen.digest) {
                    shortfalls.append(.notReviewed(test, by: statement.issuer))
                }
            }
        }
        return GateDecision(
            version: version, shortfalls: shortfalls,
            evidence: try kinds.compactMap { try latest[$0]?.digest })
    }

    /// Judges the return of a version that has passed this gate before: only a fail recorded since then stops it.
    ///
    /// A roll-back must not wait for a reviewer because a certificate expired in the meantime.
    func decisionOnReturn(of version: ModelVersion, evidence: [Evidence]) throws -> GateDecision {
        var decision = try decision(on: version, evidence: evidence, at: .distantPast)
        decision.shortfalls = decision.shortfalls.filter {
            if case .notPassed(_, .fail, _) = $0 { true } else { false }
        }
        return decision
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        func plain(_ name: String) -> String { name.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() }
        return plain(a) == plain(b)
    }
}
