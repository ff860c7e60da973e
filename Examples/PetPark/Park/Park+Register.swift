import Foundation
import MLOps

/// A version in the registry, and what an alias points to.
struct VersionSummary: Codable, CustomStringConvertible {
    var version: ModelVersion
    var alias: String?
    var remark: String

    var description: String {
        let place = alias.map { ", \($0)" } ?? ""
        return "\(version) (package \(version.package.short))\(place): \(remark)"
    }
}

extension Park {
    /// Registers the candidate; the alias `staging` moves when the gate finds a passed test.
    func register(by who: String) async throws -> VersionSummary {
        let package = try candidate()
        let version = try await registry.register(package, by: who, why: "trained and tested", run: settings.run)
        try await registry.move(
            alias: "staging", of: Self.modelName, to: version.number, by: who, why: "passed its test")
        let isOwn = version.registeredBy == who
        return VersionSummary(
            version: version, alias: "staging",
            remark: "registered by \(version.registeredBy)" + (isOwn ? "" : " before, put there by \(who)"))
    }

    /// Records a reviewer's decision on the staging version, resting on all evidence recorded about it.
    func approve(by reviewer: String, comment: String, reject: Bool) async throws -> VersionSummary {
        let version = try await version("staging")
        // Of each kind the statement that was recorded last counts, as it does for the gate.
        var latest: [Evidence.Kind: Evidence] = [:]
        for evidence in try await registry.evidence(for: version.package) where evidence.kind != .approval {
            latest[evidence.kind] = evidence
        }
        let approval = try Approval(
            of: version.package, by: reviewer, role: "quality assurance", reject ? .reject : .approve,
            having: latest.values.sorted { $0.issuedAt < $1.issuedAt }, comment: comment, at: clock.now())
        let evidence = try approval.evidence()
        try await record(evidence)
        let lacking = try await registry.decision(on: version, for: "production").shortfalls.map(\.description)
        let rest = lacking.isEmpty ? "" : "; not ready for production: " + lacking.joined(separator: "; ")
        return VersionSummary(version: version, alias: nil, remark: evidence.summary + rest)
    }

    /// Moves the alias `production` to the staging version; the gate refuses without tests and approval.
    func release(by who: String) async throws -> VersionSummary {
        let version = try await version("staging")
        if try await registry.alias("production", of: Self.modelName)?.number == version.number {
            return VersionSummary(version: version, alias: "production", remark: "was there already; nothing moved")
        }
        try await registry.move(
            alias: "production", of: Self.modelName, to: version.number, by: who, why: "certified and released")
        return VersionSummary(version: version, alias: "production", remark: "released by \(who)")
    }

    /// Keeps evidence in the registry, and in the lineage of its package.
    func record(_ evidence: Evidence) async throws {
        try await registry.record(evidence)
    }
}
