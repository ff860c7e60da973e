import Foundation
import MLOpsCore
import MLOpsRegistry
import Testing

@Suite struct GateTests {
    @Test func `a refusal lists all that is missing at once`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let version = try await registry.register(package("a"), by: "ana", why: "first")
            try await registry.record(.test(.applicationTest, version.package, .insufficient))
            let error = try await expectError(.gateRefused) {
                try await registry.move(alias: "production", of: "park-pets", to: 1, by: "ana", why: "hurry")
            }
            for part in ["no modelTest", "the applicationTest by ci says 'insufficient'", "no approval"] {
                #expect(error.message.contains(part))
            }
            #expect(try await registry.alias("production", of: "park-pets") == nil)
        }
    }

    @Test func `evidence about another package does not count`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            _ = try await registry.registerApproved(package("a"))
            let other = try await registry.register(package("b"), by: "ana", why: "second")
            let decision = try await registry.decision(on: other, for: "production")
            #expect(decision.shortfalls == [.missing(.modelTest), .missing(.applicationTest), .missing(.approval)])
        }
    }

    @Test func `nobody approves what they registered, however they spell their name`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let version = try await registry.registerApproved(package("a"))
            let tests = try await registry.evidence(for: version.package).filter { $0.kind != .approval }
            try await registry.record(
                .test(.approval, version.package, by: " Ana", basis: tests.map { try $0.digest }))
            #expect(
                try await registry.decision(on: version, for: "production").shortfalls == [.selfApproved(by: " Ana")])
            let lenient = Gate(requiring: [.modelTest, .approval], needsFourEyes: false)
            try await registry.setGate(lenient, for: "production", by: "ana", why: "small team")
            #expect(try await registry.decision(on: version, for: "production").isPass)
        }
    }

    @Test func `an approval counts only for the tests that the reviewer saw`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let version = try await registry.registerApproved(package("a"))
            #expect(try await registry.decision(on: version, for: "production").isPass)
            try await registry.record(.test(.modelTest, version.package, by: "nightly"))
            #expect(
                try await registry.decision(on: version, for: "production").shortfalls
                    == [.notReviewed(.modelTest, by: "marta")])
        }
    }

    @Test func `an approval expires, and a later rejection withdraws it`() async throws {
        try await withFolder { folder in
            let clock = StepClock()
            let registry = try await ModelRegistry(at: folder, clock: clock.clock)
            let end = Date(timeIntervalSince1970: 1_773_000_000)
            let version = try await registry.registerApproved(package("a"), expires: end)
            clock.set(end - 120)
            #expect(try await registry.decision(on: version, for: "production").isPass)
            #expect(
                try await registry.decision(on: version, for: "production").shortfalls == [.expired(.approval, at: end)]
            )
            let basis = try #require(await registry.evidence(for: version.package).last).basis
            try await registry.record(.test(.approval, version.package, .fail, by: "marta", basis: basis))
            #expect(
                try await registry.decision(on: version, for: "production").shortfalls
                    == [.notPassed(.approval, .fail, issuer: "marta")])
        }
    }

    @Test func `evidence keeps its digest through the file and is recorded once`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let subject = try package("a").digest
            for i in 0..<50 {
                let date = Date(timeIntervalSince1970: 1_772_000_000 + Double(i) * 0.0317)
                let evidence = Evidence.test(.modelTest, subject, at: date, expires: date + 0.0013)
                let digest = try await registry.record(evidence)
                #expect(try await registry.record(evidence) == digest)
                #expect(try await registry.evidence(for: subject).last?.digest == digest)
            }
            #expect(try await registry.evidence(for: subject).count == 50)
        }
    }
}
