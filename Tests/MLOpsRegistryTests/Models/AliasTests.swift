import Foundation
import MLOpsCore
import MLOpsRegistry
import Testing

@Suite struct AliasTests {
    @Test func `an alias answers what it was at any time`() async throws {
        try await withFolder { folder in
            let clock = StepClock()
            let registry = try await ModelRegistry(at: folder, clock: clock.clock)
            var dates: [Date] = [clock.last]
            var versions: [ModelVersion] = []
            for content in ["a", "b"] {
                versions.append(try await registry.registerApproved(package(content)))
                try await registry.move(
                    alias: "production", of: "park-pets", to: versions.count, by: "marta", why: "certified")
                dates.append(clock.last)
            }
            func production(at date: Date?) async throws -> ModelVersion? {
                try await registry.alias("production", of: "park-pets", at: date)
            }
            #expect(try await production(at: dates[0]) == nil)
            #expect(try await production(at: dates[1]) == versions[0])
            #expect(try await production(at: dates[2] - 1) == versions[0])
            #expect(try await production(at: dates[2]) == versions[1])
            #expect(try await production(at: nil) == versions[1])
            #expect(try await registry.aliases(of: "park-pets") == ["production": versions[1]])
            #expect(try await registry.aliases(of: "park-pets", at: dates[1]) == ["production": versions[0]])
            #expect(try await registry.alias("staging", of: "park-pets") == nil)
        }
    }

    @Test func `rolling back twice goes back two versions`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder, clock: StepClock().clock)
            for (index, content) in ["a", "b", "c"].enumerated() {
                _ = try await registry.registerApproved(package(content))
                try await registry.move(alias: "production", of: "park-pets", to: index + 1, by: "m", why: "next")
            }
            for expected in [2, 1] {
                let version = try await registry.rollBack(alias: "production", of: "park-pets", by: "m", why: "drift")
                #expect(version.number == expected)
                #expect(try await registry.alias("production", of: "park-pets")?.number == expected)
            }
            try await expectError(.notFound) {
                try await registry.rollBack(alias: "production", of: "park-pets", by: "m", why: "drift")
            }
        }
    }

    @Test func `a roll-back passes with expired evidence but not with a fail recorded since`() async throws {
        try await withFolder { folder in
            let clock = StepClock()
            let registry = try await ModelRegistry(at: folder, clock: clock.clock)
            let start = clock.last
            let old = try await registry.registerApproved(package("a"), expires: start + 86_400)
            try await registry.move(alias: "production", of: "park-pets", to: 1, by: "m", why: "first")
            _ = try await registry.registerApproved(package("b"))
            try await registry.move(alias: "production", of: "park-pets", to: 2, by: "m", why: "second")
            clock.set(start + 30 * 86_400)
            try await expectError(.gateRefused) {
                try await registry.move(alias: "production", of: "park-pets", to: 1, by: "m", why: "back")
            }
            try await registry.rollBack(alias: "production", of: "park-pets", by: "m", why: "drift")
            try await registry.move(alias: "production", of: "park-pets", to: 2, by: "m", why: "fixed")
            try await registry.record(.test(.modelTest, old.package, .fail, by: "audit"))
            let error = try await expectError(.gateRefused) {
                try await registry.rollBack(alias: "production", of: "park-pets", by: "m", why: "drift")
            }
            #expect(error.message.contains("the modelTest by audit says 'fail'"))
            #expect(try await registry.alias("production", of: "park-pets")?.number == 2)
        }
    }

    @Test func `moving an alias to where it is changes nothing`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            _ = try await registry.registerApproved(package("a"))
            try await registry.move(alias: "staging", of: "park-pets", to: 1, by: "m", why: "first")
            let head = try await registry.logHead()
            try await registry.move(alias: "staging", of: "park-pets", to: 1, by: "m", why: "again")
            #expect(try await registry.logHead() == head)
        }
    }

    @Test func `an alias without a gate can't be moved until it gets one`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            try await registry.register(package("a"), by: "ana", why: "first")
            try await expectError(.notFound) {
                try await registry.move(alias: "shadow", of: "park-pets", to: 1, by: "ana", why: "try")
            }
            try await registry.setGate(Gate(requiring: []), for: "shadow", by: "ana", why: "no risk")
            try await registry.move(alias: "shadow", of: "park-pets", to: 1, by: "ana", why: "try")
            #expect(try await registry.alias("shadow", of: "park-pets")?.number == 1)
        }
    }
}
