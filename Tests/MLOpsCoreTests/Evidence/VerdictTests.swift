import Foundation
import MLOpsCore
import Testing

@Suite("Verdict and Evidence")
struct VerdictTests {
    @Test(
        "one failure fails all; without any check nothing is known",
        arguments: [
            ([], .insufficient), ([.pass], .pass), ([.pass, .pass], .pass), ([.pass, .insufficient], .insufficient),
            ([.insufficient, .fail, .pass], .fail),
        ] as [([Verdict], Verdict)])
    func combines(_ verdicts: [Verdict], _ expected: Verdict) { #expect(Verdict.all(verdicts) == expected) }

    @Test("a limit is kept when it is reached, and too few observations don't tell")
    func judgesLimits() {
        let estimate = Estimate(0.9, lower: 0.8, upper: 0.95, count: 20)
        #expect(Verdict.atLeast(0.9, estimate) == .pass)
        #expect(Verdict.atLeast(0.91, estimate) == .fail)
        #expect(Verdict.atLeast(0.5, estimate, minimumCount: 21) == .insufficient)
    }

    @Test("evidence survives JSON with its digest, and any change changes the digest")
    func evidenceHasAnIdentity() throws {
        let evidence = Evidence(
            .modelTest, subject: Digest(of: [1 as UInt8]), verdict: .pass, issuer: "ci",
            issuedAt: Date(timeIntervalSince1970: 1_700_000_000.125), summary: "good", basis: [Digest(of: [2 as UInt8])]
        )
        let copy = try CanonicalJSON.decode(Evidence.self, from: CanonicalJSON.encode(evidence))
        #expect(copy == evidence)
        #expect(try copy.digest == evidence.digest)
        var forged = evidence
        forged.subject = Digest(of: [3 as UInt8])
        #expect(try forged.digest != evidence.digest)
    }
}
