public import Foundation
public import MLOpsCore

/// One entry of the registry's log: who changed what, when and why.
///
/// Each holds the digest of the entry before it, so that no entry can be changed, taken out or slipped in unnoticed.
public struct RegistryEvent: Sendable, Hashable, Codable {
    /// What changed.
    public enum Change: Sendable, Hashable, Codable {
        /// A package became a version.
        case registered(model: String, version: Int, package: Digest, run: String?)
        /// Evidence was recorded.
        case evidenceRecorded(evidence: Digest, kind: Evidence.Kind, subject: Digest, verdict: Verdict)
        /// An alias got a gate, or another one.
        case gateSet(alias: String, gate: Gate)
        /// An alias moved through its gate, on this evidence.
        case aliasMoved(model: String, alias: String, from: Int?, to: Int, evidence: [Digest])
        /// An alias went back to the version that held it before.
        case aliasRolledBack(model: String, alias: String, from: Int, to: Int)
    }

    /// The place in the log, counted from 1.
    public let number: Int
    /// The digest of the entry before; `nil` for the first.
    public let previous: Digest?
    /// When, to the millisecond; never before the entry before.
    public let at: Date
    /// Who did it.
    public let who: String
    /// Why.
    public let why: String
    /// What changed.
    public let change: Change
}

extension RegistryEvent: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        "#\(number) \(at.formatted(.iso8601)) \(who): \(change) — \(why)"
    }
}

extension RegistryEvent.Change: CustomStringConvertible {
    /// What changed, in a clause.
    public var description: String {
        switch self {
        case .registered(let model, let version, let package, _): "registered \(model)/\(version) (\(package.short))"
        case .evidenceRecorded(_, let kind, let subject, let verdict):
            "recorded \(kind) '\(verdict.rawValue)' about \(subject.short)"
        case .gateSet(let alias, let gate):
            "set the gate of '\(alias)' to [\(gate.kinds.map(\.description).joined(separator: ", "))]"
        case .aliasMoved(let model, let alias, let from, let to, _):
            "moved '\(alias)' from \(from.map { "\(model)/\($0)" } ?? "nothing") to \(model)/\(to)"
        case .aliasRolledBack(let model, let alias, let from, let to):
            "rolled '\(alias)' back from \(model)/\(from) to \(model)/\(to)"
        }
    }

    /// The model that it is about, when it is about one.
    var model: String? {
        switch self {
        case .registered(let model, _, _, _), .aliasMoved(let model, _, _, _, _), .aliasRolledBack(let model, _, _, _):
            model
        case .evidenceRecorded, .gateSet: nil
        }
    }

    /// The alias that it is about, when it is about one.
    var alias: String? {
        switch self {
        case .gateSet(let alias, _), .aliasMoved(_, let alias, _, _, _), .aliasRolledBack(_, let alias, _, _): alias
        case .registered, .evidenceRecorded: nil
        }
    }

    /// The package that evidence is about.
    var subject: Digest? { if case .evidenceRecorded(_, _, let subject, _) = self { subject } else { nil } }
}
