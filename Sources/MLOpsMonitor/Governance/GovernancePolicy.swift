public import Foundation
internal import MLOpsCore

/// What is done when a check fails.
public enum GovernanceAction: String, Sendable, Hashable, Codable, CaseIterable {
    /// Tell a person.
    case alert
    /// Go back to the version before.
    case rollback
    /// Train again on newer data.
    case retrain
}

/// Which failed checks lead to which actions, and how often at most.
public struct GovernancePolicy: Sendable, Hashable, Codable {
    /// An action for some checks.
    public struct Rule: Sendable, Hashable, Codable {
        /// The checks it is for: a name, or the beginning of names followed by `*`, such as `drift.*`.
        public var checks: String
        /// What is done.
        public var action: GovernanceAction
        /// The number of rounds in a row in which a check must fail before anything is done.
        public var afterFailures: Int
        /// The seconds that must pass between two such actions, whatever check they are for.
        public var coolDown: TimeInterval
        /// The most such actions in 24 hours.
        public var dailyLimit: Int
        /// Whether a person must agree first.
        public var needsApproval: Bool

        /// Makes a rule.
        public init(
            _ checks: String, _ action: GovernanceAction, afterFailures: Int = 1, coolDown: TimeInterval = 3600,
            dailyLimit: Int = 24, needsApproval: Bool = false
        ) {
            self.checks = checks
            self.action = action
            self.afterFailures = afterFailures
            self.coolDown = coolDown
            self.dailyLimit = dailyLimit
            self.needsApproval = needsApproval
        }

        /// Whether the rule is for a check.
        public func covers(_ check: String) -> Bool {
            checks.hasSuffix("*") ? check.hasPrefix(checks.dropLast()) : check == checks
        }
    }

    /// The rules; each is judged by itself.
    public var rules: [Rule]
    /// Whether actions are only recorded, to try a policy out.
    public var isDryRun: Bool

    /// Makes a policy.
    public init(_ rules: [Rule], isDryRun: Bool = false) {
        self.rules = rules
        self.isDryRun = isDryRun
    }

    /// What to do about findings: a pure function of them, of the rounds before, and of the time.
    ///
    /// Checks that need the same action lead to one decision. Decisions come in the order alert, rollback, retrain.
    /// Verdicts of `insufficient` lead to nothing and end no streak of failures.
    /// - Parameter history: the rounds before, oldest first.
    public func decisions(on findings: [Finding], at: Date, history: [GovernanceRound]) -> [GovernanceDecision] {
        GovernanceAction.allCases.compactMap { action in
            let failed = findings.filter { $0.verdict == .fail }
            var reasons: [Finding] = []
            var used: [Rule] = []
            for rule in rules where rule.action == action {
                let matching = failed.filter {
                    rule.covers($0.check) && streak(of: $0.check, history) + 1 >= rule.afterFailures
                }
                if !matching.isEmpty { used.append(rule) }
                reasons += matching.filter { !reasons.contains($0) }
            }
            guard !reasons.isEmpty else { return nil }
            // With several rules for one action, the mildest limit of any that fired lets it through.
            let outcomes = used.map { outcome(of: $0, at: at, history) }
            let mildest = outcomes.min { $0.rank < $1.rank } ?? .coolingDown
            return GovernanceDecision(action: action, reasons: reasons, outcome: mildest, at: at)
        }
    }

    private func outcome(
        of rule: Rule, at: Date, _ history: [GovernanceRound]
    ) -> GovernanceDecision.Outcome {
        let past = history.flatMap(\.decisions).filter { $0.action == rule.action && $0.outcome.countsAsDone }
        if let last = past.map(\.at).max(), at.timeIntervalSince(last) < rule.coolDown { return .coolingDown }
        if past.count(where: { at.timeIntervalSince($0.at) < 86_400 }) >= rule.dailyLimit { return .limitReached }
        if isDryRun { return .dryRun }
        return rule.needsApproval ? .awaitingApproval : .perform
    }

    /// The number of rounds up to the last one in which a check failed without passing.
    private func streak(of check: String, _ history: [GovernanceRound]) -> Int {
        var count = 0
        for round in history.reversed() {
            let verdicts = round.findings.filter { $0.check == check }.map(\.verdict)
            if verdicts.contains(.fail) { count += 1 } else if verdicts.contains(.pass) { break }
        }
        return count
    }
}
