import Foundation
import MLOpsCore
import MLOpsRegistry
import Testing

@Suite struct ModelRegistryTests {
    @Test func `versions count up by name and their packages come back whole`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder, clock: StepClock().clock)
            let first = try await registry.register(package("a"), by: "ana", why: "first", run: "run-1")
            let second = try await registry.register(package("b"), by: "ana", why: "second")
            let other = try await registry.register(package("a", name: "birds"), by: "ana", why: "other")
            #expect(first.number == 1 && second.number == 2 && other.number == 1)
            #expect(try await registry.versions(of: "park-pets") == [first, second])
            #expect(try await registry.version(1, of: "park-pets") == first)
            #expect(try await registry.models() == ["birds", "park-pets"])
            #expect(try await registry.package(for: second) == package("b"))
            #expect(first.run == "run-1")
            #expect(first.description == "park-pets/1")
        }
    }

    @Test func `registering a package again returns the version that it has`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder, clock: StepClock().clock)
            let first = try await registry.register(package("a"), by: "ana", why: "first")
            let again = try await registry.register(package("a"), by: "bert", why: "again")
            #expect(again == first)
            #expect(try await registry.versions(of: "park-pets").count == 1)
        }
    }

    @Test func `a reopened registry knows what it was told`() async throws {
        try await withFolder { folder in
            let version = try await ModelRegistry(at: folder).register(package("a"), by: "ana", why: "first")
            let reopened = try await ModelRegistry(at: folder, gates: ["other": Gate(requiring: [])])
            #expect(try await reopened.versions(of: "park-pets") == [version])
            #expect(try await reopened.gate(of: "staging") == Gate(requiring: [.modelTest]))
            try await expectError(.notFound) { _ = try await reopened.gate(of: "other") }
        }
    }

    @Test func `two connections registering at the same time lose nothing`() async throws {
        try await withFolder { folder in
            let registries = [try await ModelRegistry(at: folder), try await ModelRegistry(at: folder)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, registry) in registries.enumerated() {
                    for i in 0..<60 {
                        group.addTask {
                            try await registry.register(package("\(index)-\(i)"), by: "worker \(index)", why: "race")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let versions = try await registries[0].versions(of: "park-pets")
            #expect(versions.map(\.number) == Array(1...120))
            #expect(Set(versions.map(\.package)).count == 120)
            try await registries[1].verifyLog()
        }
    }

    @Test func `a damaged file is found and not handed out`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let version = try await registry.register(package("a"), by: "ana", why: "first")
            #expect(try await registry.damagedVersions().isEmpty)
            let hex = Digest(of: Data("a".utf8)).hex
            let url = folder.appendingPathComponent("artifacts/\(hex.prefix(2))/\(hex.dropFirst(2))")
            try Data("b".utf8).write(to: url)
            try await expectError(.digestMismatch) { _ = try await registry.package(for: version) }
            #expect(try await registry.damagedVersions().map(\.version) == [version])
        }
    }

    @Test(arguments: ["", "  ", "a/b", "a\nb", String(repeating: "x", count: 251)])
    func `a name that can't be kept is refused`(name: String) async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            try await expectError(.invalidArgument) {
                try await registry.register(package("a", name: name), by: "ana", why: "first")
            }
        }
    }

    @Test func `nobody registers without a name and a reason`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            try await expectError(.invalidArgument) { try await registry.register(package("a"), by: " ", why: "x") }
            try await expectError(.invalidArgument) { try await registry.register(package("a"), by: "ana", why: "") }
            try await expectError(.notFound) { _ = try await registry.version(1, of: "park-pets") }
        }
    }
}
