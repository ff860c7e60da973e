import Foundation
import GRDB
import MLOpsCore
import MLOpsRegistry
import Testing

@Suite struct RegistryFileTests {
    private func open(_ folder: URL) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(
            path: folder.appendingPathComponent("registry.sqlite").path, configuration: configuration)
    }

    @Test func `a file of a newer release is refused and left alone`() async throws {
        try await withFolder { folder in
            _ = try await ModelRegistry(at: folder)
            try await open(folder).write { try $0.execute(sql: "PRAGMA user_version = 2") }
            let error = try await expectError(.newerSchema) { _ = try await ModelRegistry(at: folder) }
            #expect(error.message.contains("schema version 2"))
            #expect(try await open(folder).read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
        }
    }

    @Test func `many who make one registry at the same moment all get it`() async throws {
        for _ in 0..<20 {
            try await withFolder { folder in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try await ModelRegistry(at: folder) } }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `another program's file and a file that is no database are refused`() async throws {
        try await withFolder { folder in
            try DurableFile.makeFolder(folder)
            try await open(folder).write { try $0.execute(sql: "CREATE TABLE other (id INTEGER)") }
            try await expectError(.invalidArgument) { _ = try await ModelRegistry(at: folder) }
        }
        try await withFolder { folder in
            try DurableFile.makeFolder(folder)
            try Data(repeating: 7, count: 10_000).write(to: folder.appendingPathComponent("registry.sqlite"))
            try await expectError(.corruptData) { _ = try await ModelRegistry(at: folder) }
        }
    }

    @Test func `a file that stays locked is unavailable, and usable afterwards`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder, timeout: .milliseconds(50))
            let other = try open(folder)
            try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
            try await expectError(.unavailable) { try await registry.register(package("a"), by: "ana", why: "x") }
            try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
            #expect(try await registry.register(package("a"), by: "ana", why: "x").number == 1)
        }
    }

    @Test func `a file that can't grow is a storage error, and loses nothing`() async throws {
        try await withFolder { folder in
            let registry = try await ModelRegistry(at: folder)
            let version = try await registry.register(package("a"), by: "ana", why: "first")
            let limited = try await ModelRegistry(at: folder, pageLimit: 1)
            let error = try await expectError(.storage) {
                try await limited.record(.test(.modelTest, version.package, by: String(repeating: "x", count: 50_000)))
            }
            #expect(error.message.contains("full"))
            #expect(try await registry.evidence(for: version.package).isEmpty)
            try await registry.verifyLog()
        }
    }

    @Test func `many can make one registry at the same time`() async throws {
        try await withFolder { folder in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try await ModelRegistry(at: folder) } }
                try await group.waitForAll()
            }
            #expect(try await ModelRegistry(at: folder).verifyLog()?.number == Gate.standard.count)
        }
    }
}
