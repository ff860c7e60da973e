import Foundation
import MLOpsCore
import MLOpsServing
import MLOpsTestKit
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite(.serialized, .enabled(if: !ChildServer.isChild)) final class ChildProcessTargetTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("children-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func failure(
        _ executable: String, timeout: Duration = .seconds(10),
        _ arguments: @escaping @Sendable (ChildProcessTarget.Launch) -> [String]
    ) async throws -> MLOpsError? {
        let target = ChildProcessTarget(
            executable: URL(fileURLWithPath: executable), folder: folder, startTimeout: timeout, arguments: arguments)
        let package = try await ExampleModels.package()
        let error = await #expect(throws: MLOpsError.self) { try await target.deploy(package, as: "pets") }
        let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        #expect(left.isEmpty, "a failed deployment leaves nothing behind")
        return error
    }

    @Test func `a child that ends at once is reported with what it wrote`() async throws {
        let error = try await failure("/bin/sh") { _ in ["-c", "echo no such model >&2; exit 3"] }
        #expect(error?.code == .external && error?.message.contains("status 3") == true)
        #expect(error?.help.contains("no such model") == true)
    }

    @Test func `the last words of a child that wrote much are told`() async throws {
        for _ in 0..<20 {
            let error = try await failure("/bin/sh") { _ in ["-c", "yes | head -c 200000; echo at last >&2; exit 3"] }
            #expect(error?.help.contains("at last") == true)
        }
    }

    @Test func `a child that is never ready is stopped in time`() async throws {
        let start = ContinuousClock.now
        let error = try await failure("/bin/sleep", timeout: .milliseconds(200)) { _ in ["60"] }
        #expect(error?.code == .limitExceeded)
        #expect(start.duration(to: .now) < .seconds(9), "SIGTERM reaches the child, without waiting for SIGKILL")
    }

    @Test func `a program that is not there can't be started`() async throws {
        #expect(try await failure("/no/such/program") { _ in [] }?.code == .external)
    }

    @Test func `a port that is none is refused`() async throws {
        let error = try await failure("/bin/sh") { ["-c", "echo 99999999 > '\($0.portFile.path)'; exec sleep 60"] }
        #expect(error?.code == .corruptData)
    }

    @Test func `a child that runs another package is refused`() async throws {
        let other = try await ExampleModels.pets(2)
        let folder = folder
        try await InferenceServer(serving: [other], configuration: .init(port: 0)).whileRunning { url in
            let port = url.port ?? 0
            let target = ChildProcessTarget(executable: URL(fileURLWithPath: "/bin/sh"), folder: folder) {
                [
                    "-c",
                    "echo \(port) > '\($0.portFile.path).new'; mv '\($0.portFile.path).new' '\($0.portFile.path)'; cat",
                ]
            }
            let package = try await ExampleModels.package(1)
            let error = await #expect(throws: MLOpsError.self) { try await target.deploy(package, as: "pets") }
            #expect(error?.code == .digestMismatch)
            // The right package is taken, and its endpoint ends with the child although the server goes on.
            let endpoint = try await target.deploy(other.package, as: "pets")
            await target.withdraw("pets")
            let closed = await #expect(throws: MLOpsError.self) {
                try await other.package.verifyGoldenVectors(on: endpoint)
            }
            #expect(closed?.code == .unavailable)
        }
    }

    // On other systems the test program is a bundle, which can't be started by itself.
    #if os(Linux)
        private func target() -> ChildProcessTarget {
            ChildProcessTarget(executable: ChildServer.executable, folder: folder, arguments: ChildServer.arguments)
        }

        @Test func `it passes the exam of deploy targets`() async throws {
            try await DeployTargetExam(
                target(), first: ExampleModels.package(1), second: ExampleModels.package(2),
                broken: ExampleModels.package(3, skew: 0.1)
            ).run()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }

        @Test func `a child that is killed answers no more, and can be replaced`() async throws {
            let target = target()
            let package = try await ExampleModels.package()
            let endpoint = try await target.deploy(package, as: "pets")
            let process = try #require(await target.processes["pets"])
            kill(process, SIGKILL)
            var code: MLOpsError.Code?
            for _ in 0..<200 where code == nil {
                do { try await package.verifyGoldenVectors(on: endpoint) } catch let error as MLOpsError {
                    code = error.code
                }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(code == .unavailable)
            let again = try await target.deploy(package, as: "pets")
            try await package.verifyGoldenVectors(on: again)
            await target.withdraw("pets")
            #expect(kill(process, 0) == -1, "no process is left")
        }

        @Test func `a child ends when its parent is gone`() async throws {
            let child = folder.appendingPathComponent("orphan")
            let launch = ChildProcessTarget.Launch(
                name: "pets", package: child.appendingPathComponent("package"),
                portFile: child.appendingPathComponent("port"))
            try await ExampleModels.package().write(to: launch.package)
            let process = Process()
            let input = Pipe()
            process.executableURL = ChildServer.executable
            process.arguments = ChildServer.arguments(launch)
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            for _ in 0..<1000 where !FileManager.default.fileExists(atPath: launch.portFile.path) {
                try await Task.sleep(for: .milliseconds(10))
            }
            // What the kernel does when a parent dies.
            try input.fileHandleForWriting.close()
            for _ in 0..<1000 where process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
            #expect(!process.isRunning)
            process.terminate()
        }
    #endif
}
