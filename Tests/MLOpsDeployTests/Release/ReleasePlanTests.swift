import MLOpsCore
import MLOpsDeploy
import Testing

@Suite struct ReleasePlanTests {
    private let plan: ReleasePlan

    init() throws {
        plan = try ReleasePlan([
            .shadow(minimumRequests: 100, minimumAgreement: 0.9),
            .canary(share: 0.1, minimumLabels: 200, maximumDrop: 0.05), .direct,
        ])
    }

    private func canary(_ candidate: Int, _ incumbent: Int, of labeled: Int) throws -> ReleaseDecision {
        try plan.decision(
            at: 1,
            given: .init(
                requests: labeled, errors: 0, candidate: .init(correct: candidate, labeled: labeled),
                incumbent: .init(correct: incumbent, labeled: labeled)))
    }

    @Test func `a shadow waits for requests, then goes by agreement`() throws {
        guard case .hold = try plan.decision(at: 0, given: .init(requests: 99, errors: 0, agreements: 99)),
            case .advance = try plan.decision(at: 0, given: .init(requests: 100, errors: 0, agreements: 90)),
            case .abort = try plan.decision(at: 0, given: .init(requests: 100, errors: 0, agreements: 89))
        else {
            Issue.record("a shadow step decides otherwise")
            return
        }
    }

    @Test func `a canary advances, holds or aborts by the interval of the accuracy drop`() throws {
        guard case .hold = try canary(199, 199, of: 199), case .advance = try canary(970, 970, of: 1000),
            case .hold = try canary(190, 194, of: 200), case .abort = try canary(800, 970, of: 1000)
        else {
            Issue.record("a canary step decides otherwise")
            return
        }
    }

    @Test func `errors abort any step once they are clearly too many`() throws {
        guard case .abort = try plan.decision(at: 2, given: .init(requests: 100, errors: 20)),
            case .advance = try plan.decision(at: 2, given: .init(requests: 100, errors: 1))
        else {
            Issue.record("errors decide otherwise")
            return
        }
    }

    @Test func `the same request always goes the same way, and the share is kept`() {
        let keys = (0..<10_000).map { "request-\($0)" }
        let chosen = keys.filter { plan.candidateAnswers($0, at: 1) }
        #expect(chosen == keys.filter { plan.candidateAnswers($0, at: 1) })
        #expect((900...1100).contains(chosen.count))
        #expect(!plan.candidateAnswers("a", at: 0) && plan.candidateAnswers("a", at: 2))
    }

    @Test func `plans that can't be are refused, and steps that are not there`() {
        #expect(throws: MLOpsError.self) { try ReleasePlan([]) }
        #expect(throws: MLOpsError.self) {
            try ReleasePlan([.canary(share: 1.5, minimumLabels: 10, maximumDrop: 0)])
        }
        #expect(throws: MLOpsError.self) { try plan.decision(at: 3, given: .init(requests: 0, errors: 0)) }
    }

    @Test func `a plan is read back as it was written`() throws {
        #expect(try CanonicalJSON.decode(ReleasePlan.self, from: CanonicalJSON.encode(plan)) == plan)
    }
}
