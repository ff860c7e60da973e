public import Foundation
public import MLOpsCore

/// The decision of a named reviewer on one package, having seen evidence about it.
public struct Approval: Sendable, Hashable, Codable {
    /// What the reviewer decides.
    public enum Decision: String, Sendable, Hashable, Codable {
        /// The package may be used.
        case approve
        /// The package may not be used.
        case reject
    }

    /// One point that the reviewer has looked at.
    public struct ChecklistItem: Sendable, Hashable, Codable {
        /// What was looked at, such as `Errors by camera looked through`.
        public var point: String
        /// Whether it holds.
        public var holds: Bool

        /// Makes an item.
        public init(_ point: String, holds: Bool) {
            self.point = point
            self.holds = holds
        }
    }

    /// The package decided on.
    public let package: Digest
    /// The reviewer's name.
    public let reviewer: String
    /// In which role the reviewer decides, such as `QA lead`.
    public let role: String
    /// What the reviewer decides.
    public let decision: Decision
    /// What the reviewer has looked at.
    public let checklist: [ChecklistItem]
    /// Why, in the reviewer's words.
    public let comment: String
    /// When it was decided.
    public let at: Date
    /// When the decision stops counting; `nil` for never.
    public let expiresAt: Date?
    /// The digests of the evidence that the reviewer has seen.
    public let seen: [Digest]

    /// Records a decision.
    ///
    /// - Throws: ``MLOpsError`` with `invalidArgument` when the reviewer has no name or the decision expires before it
    ///   is made; `gateRefused` when it approves without evidence, on evidence that is about another package, has not
    ///   passed or has expired, or with a point of the checklist that does not hold.
    public init(
        of package: Digest, by reviewer: String, role: String, _ decision: Decision, having seen: [Evidence],
        checklist: [ChecklistItem] = [], comment: String = "", at date: Date, expiresAt: Date? = nil
    ) throws {
        guard reviewer.contains(where: { !$0.isWhitespace }) else {
            throw MLOpsError(
                .invalidArgument, "A decision without the name of its reviewer can't be recorded.",
                help: "Name the person who decides.")
        }
        if let expiresAt, expiresAt <= date {
            throw MLOpsError(
                .invalidArgument, "A decision at \(date) can't expire at \(expiresAt).",
                help: "Let the decision expire after it is made.")
        }
        if decision == .approve { try Self.requireGrounds(seen, of: package, checklist, at: date) }
        self.package = package
        self.reviewer = reviewer
        self.role = role
        self.decision = decision
        self.checklist = checklist
        self.comment = comment
        self.at = date
        self.expiresAt = expiresAt
        self.seen = try seen.map { try $0.digest }
    }

    /// The statement for a gate: bound to the package's digest, resting on the evidence seen.
    public func evidence() throws -> Evidence {
        Evidence(
            .approval, subject: package, verdict: decision == .approve ? .pass : .fail, issuer: reviewer, issuedAt: at,
            expiresAt: expiresAt,
            summary: "\(decision == .approve ? "approved" : "rejected") by \(reviewer) (\(role))"
                + (comment.isEmpty ? "" : ": \(comment)"),
            report: try Digest(ofJSON: self), basis: seen)
    }

    private static func requireGrounds(
        _ seen: [Evidence], of package: Digest, _ checklist: [ChecklistItem], at date: Date
    ) throws {
        func refusal(_ why: String, help: String) -> MLOpsError {
            MLOpsError(.gateRefused, "The package \(package.short) can't be approved: \(why).", help: help)
        }
        guard !seen.isEmpty else {
            throw refusal("the reviewer has seen no evidence", help: "Show a test report of this package first.")
        }
        for evidence in seen {
            guard evidence.subject == package else {
                throw refusal(
                    "the \(evidence.kind) shown is about the package \(evidence.subject.short)",
                    help: "Show evidence about this package.")
            }
            guard evidence.verdict == .pass else {
                throw refusal(
                    "the \(evidence.kind) concludes '\(evidence.verdict.rawValue)'",
                    help: "Reject the package, or test it again.")
            }
            guard evidence.expiresAt.map({ $0 > date }) ?? true else {
                throw refusal("the \(evidence.kind) has expired", help: "Test the package again.")
            }
        }
        if let open = checklist.first(where: { !$0.holds }) {
            throw refusal("'\(open.point)' does not hold", help: "Reject the package, or settle that point first.")
        }
    }
}
