import Foundation
import MLOpsCore
import MLOpsDeploy
import Testing

@Suite struct ApprovalTests {
    private let package = Digest(of: [1])
    private let now = Date(timeIntervalSince1970: 1_000_000)

    private func evidence(of subject: Digest? = nil, _ verdict: Verdict = .pass, expires: Date? = nil) -> Evidence {
        Evidence(
            .applicationTest, subject: subject ?? package, verdict: verdict, issuer: "ci", issuedAt: now,
            expiresAt: expires, summary: "")
    }

    @Test func `an approval becomes evidence that rests on what was seen`() throws {
        let seen = evidence()
        let approval = try Approval(
            of: package, by: "Ada", role: "QA lead", .approve, having: [seen],
            checklist: [.init("errors looked through", holds: true)], comment: "good", at: now, expiresAt: now + 60)
        let statement = try approval.evidence()
        #expect(statement.kind == .approval && statement.verdict == .pass && statement.subject == package)
        #expect(statement.basis == [try seen.digest] && statement.expiresAt == now + 60)
        #expect(statement.report == (try Digest(ofJSON: approval)))
        #expect(try CanonicalJSON.decode(Approval.self, from: CanonicalJSON.encode(approval)) == approval)
    }

    @Test func `approving without evidence, or on evidence that is foreign, failed or expired, is refused`() {
        let bad: [[Evidence]] = [
            [], [evidence(of: Digest(of: [2]))], [evidence(), evidence(.fail)], [evidence(.insufficient)],
            [evidence(expires: now)],
        ]
        for seen in bad {
            let error = #expect(throws: MLOpsError.self) {
                try Approval(of: package, by: "Ada", role: "QA", .approve, having: seen, at: now)
            }
            #expect(error?.code == .gateRefused)
        }
    }

    private func evidence(_ verdict: Verdict) -> Evidence { evidence(of: nil, verdict) }

    @Test func `approving with an open point is refused`() {
        let error = #expect(throws: MLOpsError.self) {
            try Approval(
                of: package, by: "Ada", role: "QA", .approve, having: [evidence()],
                checklist: [.init("night photos seen", holds: false)], at: now)
        }
        #expect(error?.code == .gateRefused)
    }

    @Test func `rejecting is always possible and gives failed evidence`() throws {
        let rejection = try Approval(
            of: package, by: "Ada", role: "QA", .reject, having: [evidence(.fail)], comment: "misses dogs", at: now)
        #expect(try rejection.evidence().verdict == .fail)
    }

    @Test func `a reviewer needs a name, and a decision some time to count`() {
        #expect(throws: MLOpsError.self) {
            try Approval(of: package, by: " ", role: "QA", .approve, having: [evidence()], at: now)
        }
        #expect(throws: MLOpsError.self) {
            try Approval(of: package, by: "Ada", role: "QA", .approve, having: [evidence()], at: now, expiresAt: now)
        }
    }
}
