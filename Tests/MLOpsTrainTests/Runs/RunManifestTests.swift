import Foundation
import MLOpsCore
import MLOpsTrain
import Testing

@Suite("RunManifest")
struct RunManifestTests {
    private struct Settings: Encodable {
        var rate = 0.1
        var epochs = 3
    }

    private func manifest(_ settings: Settings = Settings()) throws -> RunManifest {
        try RunManifest(
            id: "run-1", code: SourceRevision(commit: String(repeating: "a", count: 40), isDirty: false),
            dataset: Digest(of: [1 as UInt8]), splitSeed: 1, hyperparameters: settings, seed: 2, threadCount: 4,
            startedAt: Date(timeIntervalSince1970: 1_700_000_000))
    }

    @Test("a manifest survives JSON, with what only an ended run has")
    func survivesJSON() throws {
        var manifest = try manifest()
        manifest.endedAt = Date(timeIntervalSince1970: 1_700_000_100)
        manifest.weights = Digest(of: [3 as UInt8])
        #expect(try CanonicalJSON.decode(RunManifest.self, from: CanonicalJSON.encode(manifest)) == manifest)
        #expect(manifest.hyperparameters == #"{"epochs":3,"rate":0.1}"#)
    }

    @Test("the machine and the toolchain of this run are known")
    func knowsTheMachine() throws {
        let manifest = try manifest()
        #expect(manifest.toolchain.hasPrefix("Swift 6"))
        #expect(manifest.machine.processorCount >= 1 && !manifest.machine.operatingSystem.isEmpty)
        #expect(
            manifest.machine.instructionSet.hasPrefix("x86_64") || manifest.machine.instructionSet.hasPrefix("arm64"))
        #expect(Machine.current == Machine.current)
    }

    @Test("two runs differ by what can change the weights, not by when and with how many threads they ran")
    func findsDifferences() throws {
        let first = try manifest()
        var later = first
        later.id = "run-2"
        later.threadCount = 1
        later.startedAt += 3600
        #expect(later.differences(from: first).isEmpty)
        later.code?.isDirty = true
        later.seed = 3
        #expect(later.differences(from: first) == ["code", "seed"])
        later = first
        later.instructionSet = "sse2"
        #expect(later.differences(from: first) == ["instructionSet"])
        #expect(try manifest(Settings(rate: 0.2)).differences(from: first) == ["hyperparameters"])
    }

    @Test("a folder without a repository has no revision; one with has its commit, and is dirty after a change")
    func asksGit() async throws {
        try await withScratchFolder { folder in
            #expect(SourceRevision(of: folder) == nil)
            func git(_ arguments: String...) throws -> Bool {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments =
                    ["git", "-C", folder.path, "-c", "user.name=t", "-c", "user.email=t@example.org"] + arguments
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                return process.terminationStatus == 0
            }
            guard try git("init") else { return }  // There is no git here.
            let file = folder.appendingPathComponent("a.txt")
            try Data("1".utf8).write(to: file)
            #expect(try git("add", "a.txt") && git("commit", "-m", "first"))
            let clean = try #require(SourceRevision(of: folder))
            #expect(clean.commit.count == 40 && !clean.isDirty)
            try Data("2".utf8).write(to: file)
            #expect(SourceRevision(of: folder) == SourceRevision(commit: clean.commit, isDirty: true))
        }
    }
}
