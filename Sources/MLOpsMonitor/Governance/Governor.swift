internal import Foundation
public import MLOpsCore

/// Carries out what a policy decides: sends the alert, moves the alias back, starts the training.
///
/// Promises of a conformer: `perform` may be called again for a decision whose first attempt was cut off by a kill, so
/// an action done twice must do no harm; it throws when the action could not be done.
public protocol GovernanceActionHandler: Sendable {
    /// Carries a decision out.
    func perform(_ decision: GovernanceDecision) async throws
}

/// A ``GovernanceActionHandler`` with a closure for each action; an action without one throws `unsupported`.
public struct ClosureActionHandler: GovernanceActionHandler {
    private let closures: [GovernanceAction: @Sendable (GovernanceDecision) async throws -> Void]

    /// Makes a handler.
    public init(_ closures: [GovernanceAction: @Sendable (GovernanceDecision) async throws -> Void]) {
        self.closures = closures
    }

    /// Calls the closure of the decision's action.
    public func perform(_ decision: GovernanceDecision) async throws {
        guard let closure = closures[decision.action] else {
            throw MLOpsError(
                .unsupported, "Nothing is set up for the action '\(decision.action.rawValue)'.",
                help: "Give ClosureActionHandler a closure for it, or take it out of the policy.")
        }
        try await closure(decision)
    }
}

/// Turns findings into actions by a policy, and keeps a log from which everything can be decided again.
///
/// A round is in the log before its actions are done: after a kill, cool-downs hold, and ``unfinished()`` gives the
/// decisions of which no end is recorded.
public actor Governor {
    private let policy: GovernancePolicy
    private let handler: any GovernanceActionHandler
    private let log: any GovernanceLog
    private let clock: WallClock
    private var history: [GovernanceRound] = []
    private var open: [String: GovernanceDecision] = [:]
    private var begun: Set<String> = []
    private var isBusy = false

    /// Makes a governor that goes on where its log ends.
    ///
    /// - Throws: What the log throws.
    public init(
        _ policy: GovernancePolicy, handler: any GovernanceActionHandler, log: any GovernanceLog,
        clock: WallClock = .system
    ) async throws {
        self.policy = policy
        self.handler = handler
        self.log = log
        self.clock = clock
        for event in try await log.events() { note(event) }
    }

    /// Judges findings, and does what follows.
    ///
    /// An action that fails is recorded as failed; the others are done all the same.
    /// - Returns: What was decided.
    /// - Throws: ``MLOpsError`` with `unavailable` when another call is under way; what the log throws.
    @discardableResult
    public func govern(_ findings: [Finding]) async throws -> [GovernanceDecision] {
        try begin()
        defer { isBusy = false }
        let now = clock.now()
        let decisions = policy.decisions(on: findings, at: now, history: history)
        try await record(.judged(GovernanceRound(at: now, findings: findings, decisions: decisions)))
        for decision in decisions where decision.outcome == .perform { try await perform(decision) }
        return decisions
    }

    /// Answers a decision that awaits approval: does it, or drops it.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when no such decision waits.
    public func answer(_ decision: GovernanceDecision.ID, approved: Bool, by person: String) async throws {
        try begin()
        defer { isBusy = false }
        guard let waiting = open[decision], waiting.outcome == .awaitingApproval, !begun.contains(decision) else {
            throw MLOpsError(
                .notFound, "No decision '\(decision)' awaits approval.",
                help: "Those that do: \(pendingApprovals().map(\.id)).")
        }
        try await record(.answered(decision: decision, approved: approved, by: person, at: clock.now()))
        if approved { try await perform(waiting) }
    }

    /// The decisions that await approval, oldest first.
    public func pendingApprovals() -> [GovernanceDecision] {
        open.values.filter { $0.outcome == .awaitingApproval && !begun.contains($0.id) }
            .sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    /// The decisions to be carried out of which no end is recorded, oldest first: cut off by a kill.
    public func unfinished() -> [GovernanceDecision] {
        open.values.filter { $0.outcome == .perform || begun.contains($0.id) }.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    /// Carries the ``unfinished()`` decisions out.
    public func resume() async throws {
        try begin()
        defer { isBusy = false }
        for decision in unfinished() { try await perform(decision) }
    }

    /// Decides every round of a log again; returns those for which the policy now decides something else.
    public static func replay(_ events: [GovernanceEvent], with policy: GovernancePolicy) -> [GovernanceRound] {
        var history: [GovernanceRound] = []
        var different: [GovernanceRound] = []
        for case .judged(let round) in events {
            let decisions = policy.decisions(on: round.findings, at: round.at, history: history)
            if decisions != round.decisions { different.append(round) }
            history.append(round)
        }
        return different
    }

    private func perform(_ decision: GovernanceDecision) async throws {
        do { try await handler.perform(decision) } catch is CancellationError { throw CancellationError() } catch {
            try await record(.failed(decision: decision.id, message: "\(error)", at: clock.now()))
            return
        }
        try await record(.performed(decision: decision.id, at: clock.now()))
    }

    private func record(_ event: GovernanceEvent) async throws {
        try await log.append(event)
        note(event)
    }

    private func note(_ event: GovernanceEvent) {
        switch event {
        case .judged(let round):
            history.append(round)
            // A streak or a daily limit needs no more than this many rounds; memory stays bounded.
            if history.count > 10_000 { history.removeFirst(history.count - 9_000) }
            for decision in round.decisions where [.perform, .awaitingApproval].contains(decision.outcome) {
                open[decision.id] = decision
            }
        case .answered(let decision, let approved, _, _):
            if approved { begun.insert(decision) } else { open[decision] = nil }
        case .performed(let decision, _), .failed(let decision, _, _):
            open[decision] = nil
            begun.remove(decision)
        }
    }

    private func begin() throws {
        guard !isBusy else {
            throw MLOpsError(
                .unavailable, "The governor is at work on other findings.", help: "Try again when that call returned.")
        }
        isBusy = true
    }
}
