import Foundation
import GRDB
import MLOpsCore
import MLOpsRegistry
import Testing

@Suite struct EventLogTests {
    /// A registry with a few entries, and a way into its file past the registry.
    private func registry(at folder: URL) async throws -> (ModelRegistry, DatabaseQueue) {
        let registry = try await ModelRegistry(at: folder, clock: StepClock().clock)
        _ = try await registry.registerApproved(package("a"))
        try await registry.move(alias: "production", of: "park-pets", to: 1, by: "marta", why: "certified")
        return (registry, try DatabaseQueue(path: folder.appendingPathComponent("registry.sqlite").path))
    }

    @Test func `the history says who did what, when and why`() async throws {
        try await withFolder { folder in
            let (registry, _) = try await registry(at: folder)
            let history = try await registry.history(of: "park-pets")
            #expect(history.map(\.who) == ["ana", "ci", "ci", "marta", "marta"])
            #expect(history.last?.why == "certified")
            guard case .aliasMoved("park-pets", "production", nil, 1, let evidence)? = history.last?.change else {
                Issue.record("the last entry is \(history)")
                return
            }
            let statements = try await registry.evidence(for: package("a").digest)
            let digests: [Digest] = try statements.map { try $0.digest }
            #expect(evidence == digests)
            #expect(zip(history, history.dropFirst()).allSatisfy { $0.at < $1.at })
            #expect(try await registry.history(of: "nobody").isEmpty)
            #expect(try await registry.events(after: 2).first?.number == 3)
        }
    }

    @Test func `an untouched log is genuine and holds every head it had`() async throws {
        try await withFolder { folder in
            let (registry, _) = try await registry(at: folder)
            let head = try #require(await registry.verifyLog())
            #expect(try await registry.logHead() == head)
            try await registry.register(package("b"), by: "ana", why: "second")
            #expect(try await registry.verifyLog(including: head)?.number == head.number + 1)
        }
    }

    @Test(arguments: ["event", "version", "evidence"])
    func `what is written can't be changed or deleted`(table: String) async throws {
        try await withFolder { folder in
            let (_, queue) = try await registry(at: folder)
            for sql in ["DELETE FROM \(table)", "UPDATE \(table) SET rowid = 99", "UPDATE \(table) SET model = 'x'"] {
                #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
            }
        }
    }

    @Test(arguments: [
        "UPDATE event SET body = replace(body, 'marta', 'ana') WHERE number = 6",
        "UPDATE event SET at = at - 1000 WHERE number = 6",
        "DELETE FROM event WHERE number = 4",
        "DELETE FROM event WHERE number = 7",
        "UPDATE version SET who = 'someone'",
        "UPDATE version SET package = replace(package, substr(package, 1, 1), 'x')",
        "INSERT INTO version SELECT model, 2, upper(package), who, why, run, at FROM version",
        "UPDATE evidence SET body = replace(body, 'marta', 'bert')",
        "DELETE FROM evidence WHERE sequence = 2",
    ])
    func `whoever drops the triggers and changes the file is found out`(sql: String) async throws {
        try await withFolder { folder in
            let (registry, queue) = try await registry(at: folder)
            let head = try await registry.logHead()
            try await queue.write { db in
                for table in ["event", "version", "evidence"] {
                    try db.execute(sql: "DROP TRIGGER \(table)_no_update; DROP TRIGGER \(table)_no_delete")
                }
                try db.execute(sql: sql)
                #expect(db.changesCount > 0)
            }
            await #expect(throws: MLOpsError.self) { try await registry.verifyLog(including: head) }
        }
    }

    @Test func `a clock that goes backwards does not turn the log around`() async throws {
        try await withFolder { folder in
            let clock = StepClock()
            let registry = try await ModelRegistry(at: folder, clock: clock.clock)
            let first = try await registry.register(package("a"), by: "ana", why: "first")
            clock.set(first.registeredAt - 1_000_000)
            let second = try await registry.register(package("b"), by: "ana", why: "second")
            #expect(second.registeredAt == first.registeredAt)
            try await registry.verifyLog()
        }
    }
}
