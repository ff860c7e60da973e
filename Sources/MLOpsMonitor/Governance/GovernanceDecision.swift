public import Foundation

/// What a policy decided, and why.
public struct GovernanceDecision: Sendable, Hashable, Codable, Identifiable {
    /// What follows from the decision.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// It is done.
        case perform
        /// A person is asked; it is done when one agrees.
        case awaitingApproval
        /// It is only recorded, since the policy is tried out.
        case dryRun
        /// Nothing: the last such action was not long ago.
        case coolingDown
        /// Nothing: there were too many such actions in 24 hours.
        case limitReached

        /// Whether it uses up cool-down and daily limit.
        var countsAsDone: Bool { rank <= 2 }

        var rank: Int {
            switch self {
            case .perform: 0
            case .awaitingApproval: 1
            case .dryRun: 2
            case .coolingDown: 3
            case .limitReached: 4
            }
        }
    }

    /// What is to be done.
    public var action: GovernanceAction
    /// The failed findings that led to it.
    public var reasons: [Finding]
    /// What follows.
    public var outcome: Outcome
    /// When it was decided.
    public var at: Date

    /// Makes a decision.
    public init(action: GovernanceAction, reasons: [Finding], outcome: Outcome, at: Date) {
        self.action = action
        self.reasons = reasons
        self.outcome = outcome
        self.at = at
    }

    /// The action and the time, in milliseconds since 1970: unique in a log, since a round has one decision an action.
    public var id: String { "\(action.rawValue)-\(Int((at.timeIntervalSince1970 * 1000).rounded()))" }
}

/// One look at the findings of one time, with what was decided on it.
public struct GovernanceRound: Sendable, Hashable, Codable {
    /// When it was.
    public var at: Date
    /// What the checks had found.
    public var findings: [Finding]
    /// What was decided.
    public var decisions: [GovernanceDecision]

    /// Makes a round.
    public init(at: Date, findings: [Finding], decisions: [GovernanceDecision]) {
        self.at = at
        self.findings = findings
        self.decisions = decisions
    }
}

/// A line of the log of a ``Governor``: enough to audit it and to decide everything again.
public enum GovernanceEvent: Sendable, Hashable, Codable {
    /// Findings were judged.
    case judged(GovernanceRound)
    /// A person agreed to a decision, or refused it.
    case answered(decision: String, approved: Bool, by: String, at: Date)
    /// An action was carried out.
    case performed(decision: String, at: Date)
    /// An action failed.
    case failed(decision: String, message: String, at: Date)
}
