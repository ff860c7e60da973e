import Foundation
import MLOpsCore
import MLOpsMonitor
import Synchronization
import Testing

@Suite("Governance")
struct GovernanceTests {
    private let bad = Finding(check: "performance.accuracy", verdict: .fail, message: "low", at: Captures.noon)
    private let good = Finding(check: "performance.accuracy", verdict: .pass, message: "fine", at: Captures.noon)
    private let unknown = Finding(
        check: "performance.accuracy", verdict: .insufficient, message: "few", at: Captures.noon)

    /// Judges a list of rounds, an hour apart, and gives the outcomes of each.
    private func run(_ policy: GovernancePolicy, _ rounds: [[Finding]]) -> [[GovernanceDecision]] {
        var history: [GovernanceRound] = []
        for (index, findings) in rounds.enumerated() {
            let at = Captures.noon + 3600 * Double(index)
            let decisions = policy.decisions(on: findings, at: at, history: history)
            history.append(GovernanceRound(at: at, findings: findings, decisions: decisions))
        }
        return history.map(\.decisions)
    }

    @Test("Failures lead to the actions of the rules that cover them, each action once")
    func actions() {
        let policy = GovernancePolicy([
            .init("performance.*", .alert), .init("drift.*", .alert), .init("drift.*", .retrain),
            .init("performance.accuracy", .rollback),
        ])
        let drift = Finding(check: "drift.brightness", verdict: .fail, message: "", at: Captures.noon)
        let decisions = run(policy, [[bad, drift]])[0]
        #expect(decisions.map(\.action) == [.alert, .rollback, .retrain])
        #expect(decisions[0].reasons.count == 2)
        #expect(run(policy, [[good, unknown]])[0].isEmpty)
    }

    @Test("An action waits for its failures in a row; a missing verdict does not end the row, a pass does")
    func streak() {
        let policy = GovernancePolicy([.init("*", .retrain, afterFailures: 3, coolDown: 0)])
        #expect(run(policy, [[bad], [bad], [bad]]).map(\.count) == [0, 0, 1])
        #expect(run(policy, [[bad], [unknown], [bad], [bad]]).map(\.count) == [0, 0, 0, 1])
        #expect(run(policy, [[bad], [bad], [good], [bad]]).map(\.count) == [0, 0, 0, 0])
    }

    @Test("Cool-down and daily limit hold, and what they hold back does not prolong them")
    func limits() {
        let cooling = GovernancePolicy([.init("*", .retrain, coolDown: 2 * 3600)])
        #expect(
            run(cooling, Array(repeating: [bad], count: 5)).map { $0[0].outcome } == [
                .perform, .coolingDown, .perform, .coolingDown, .perform,
            ])
        let limited = GovernancePolicy([.init("*", .rollback, coolDown: 0, dailyLimit: 2)])
        let outcomes = run(limited, Array(repeating: [bad], count: 26)).map { $0[0].outcome }
        #expect(outcomes.prefix(3) == [.perform, .perform, .limitReached] && outcomes[24] == .perform)
    }

    @Test("In no sequence of rounds does an action come sooner or more often than the policy allows")
    func exhaustive() {
        let policy = GovernancePolicy([.init("*", .retrain, afterFailures: 2, coolDown: 3 * 3600, dailyLimit: 2)])
        let kinds = [bad, good, unknown]
        for code in 0..<6561 {  // all 3⁸ sequences of 8 rounds
            var rest = code
            let rounds = (0..<8).map { _ -> [Finding] in
                defer { rest /= 3 }
                return [kinds[rest % 3]]
            }
            let done = run(policy, rounds).enumerated().filter { $0.element.first?.outcome == .perform }.map(\.offset)
            #expect(done.count <= 2 && zip(done.dropFirst(), done).allSatisfy { $0 - $1 >= 3 }, "\(rounds)")
            #expect(done.allSatisfy { rounds[$0][0].verdict == .fail })
        }
    }

    @Test("A governor does what it decides, and goes on after a restart where it was")
    func restart() async throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)/log.jsonl")
        defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
        let done = Mutex<[GovernanceAction]>([])
        let handler = ClosureActionHandler([.alert: { decision in done.withLock { $0.append(decision.action) } }])
        let policy = GovernancePolicy([.init("*", .alert), .init("*", .retrain)])
        let clock = WallClock.fixed(Captures.noon)
        let first = try await Governor(policy, handler: handler, log: FileGovernanceLog(at: url), clock: clock)
        #expect(try await first.govern([bad]).map(\.outcome) == [.perform, .perform])
        #expect(done.withLock { $0 } == [.alert])
        let log = try FileGovernanceLog(at: url)
        let events = try await log.events()
        #expect(events.count == 3)
        guard case .failed(let decision, let message, _) = events[2] else { throw CancellationError() }
        #expect(decision.hasPrefix("retrain-") && message.contains("retrain"))
        let second = try await Governor(policy, handler: handler, log: log, clock: clock)
        #expect(try await second.govern([bad]).map(\.outcome) == [.coolingDown, .coolingDown])
        #expect(await second.unfinished().isEmpty)
        #expect(Governor.replay(try await log.events(), with: policy).isEmpty)
        #expect(Governor.replay(try await log.events(), with: GovernancePolicy([])).count == 2)
    }

    @Test("A decision that needs approval is done when a person agrees, and not when one refuses")
    func approval() async throws {
        let done = Mutex(0)
        let handler = ClosureActionHandler([.rollback: { _ in done.withLock { $0 += 1 } }])
        let policy = GovernancePolicy([.init("*", .rollback, coolDown: 0, needsApproval: true)])
        let log = InMemoryGovernanceLog()
        let seconds = Mutex(0.0)
        let clock = WallClock { Captures.noon + seconds.withLock { $0 } }
        let governor = try await Governor(policy, handler: handler, log: log, clock: clock)
        for (approved, expected) in [(false, 0), (true, 1)] {
            seconds.withLock { $0 += 60 }
            try await governor.govern([bad])
            let waiting = try #require(await governor.pendingApprovals().first)
            try await governor.answer(waiting.id, approved: approved, by: "keeper")
            #expect(done.withLock { $0 } == expected)
            #expect(await governor.pendingApprovals().isEmpty)
            await #expect(throws: MLOpsError.self) { try await governor.answer(waiting.id, approved: true, by: "x") }
        }
    }

    @Test("A decision cut off by a kill is found unfinished, and can be resumed")
    func unfinished() async throws {
        let log = InMemoryGovernanceLog()
        let decision = GovernanceDecision(action: .rollback, reasons: [bad], outcome: .perform, at: Captures.noon)
        await log.append(.judged(GovernanceRound(at: Captures.noon, findings: [bad], decisions: [decision])))
        let done = Mutex(0)
        let handler = ClosureActionHandler([.rollback: { _ in done.withLock { $0 += 1 } }])
        let governor = try await Governor(GovernancePolicy([]), handler: handler, log: log)
        #expect(await governor.unfinished() == [decision])
        try await governor.resume()
        #expect(done.withLock { $0 } == 1)
        #expect(await governor.unfinished().isEmpty)
    }

    @Test("A dry run decides alike and does nothing")
    func dryRun() {
        let policy = GovernancePolicy([.init("*", .rollback, coolDown: 7200)], isDryRun: true)
        #expect(run(policy, [[bad], [bad]]).map { $0[0].outcome } == [.dryRun, .coolingDown])
    }
}
