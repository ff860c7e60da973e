public import Foundation
public import MLOpsCore

/// What a ``Gate`` concluded about a version, with all that it lacks.
public struct GateDecision: Sendable, Hashable, Codable {
    /// One thing that keeps a version from passing.
    public enum Shortfall: Sendable, Hashable, Codable {
        /// There is no evidence of the kind about this package.
        case missing(Evidence.Kind)
        /// The last statement of the kind is not a pass.
        case notPassed(Evidence.Kind, Verdict, issuer: String)
        /// The statement has expired.
        case expired(Evidence.Kind, at: Date)
        /// The approval comes from the person who registered the version.
        case selfApproved(by: String)
        /// The approval does not name the latest test of the kind in its basis.
        case notReviewed(Evidence.Kind, by: String)
    }

    /// The version that wants to pass.
    public let version: ModelVersion
    /// What it lacks; empty when it may pass.
    public internal(set) var shortfalls: [Shortfall]
    /// The digests of the evidence that counted, in the order of the gate's kinds.
    public let evidence: [Digest]

    /// Whether the version may pass.
    public var isPass: Bool { shortfalls.isEmpty }

    /// Throws ``MLOpsError`` with `gateRefused` and every shortfall, unless the version may pass.
    public func check(alias: String) throws {
        guard !isPass else { return }
        throw MLOpsError(
            .gateRefused,
            "'\(alias)' can't move to \(version) (package \(version.package.short)): "
                + shortfalls.map(\.description).joined(separator: "; ") + ".",
            help: "Mend what is named, record the evidence, bound to this package's digest, then move the alias again.")
    }
}

extension GateDecision.Shortfall: CustomStringConvertible {
    /// One clause for people.
    public var description: String {
        switch self {
        case .missing(let kind): "no \(kind)"
        case .notPassed(let kind, let verdict, let issuer): "the \(kind) by \(issuer) says '\(verdict.rawValue)'"
        case .expired(let kind, let date): "the \(kind) expired on \(date.formatted(.iso8601))"
        case .selfApproved(let person): "the approval is by \(person), who registered the version"
        case .notReviewed(let kind, let person): "the approval by \(person) does not name the latest \(kind)"
        }
    }
}
