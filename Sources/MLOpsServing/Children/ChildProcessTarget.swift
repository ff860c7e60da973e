public import Foundation
public import MLOpsCore
public import MLOpsDeploy

/// A ``DeployTarget`` that runs each model in a process of its own, started from an executable that serves HTTP.
///
/// The package is written to a folder that the child reads. The child listens on a port of its own choice and writes
/// that port into a file, aside and renamed;
/// ``InferenceServer/runAsChild(serving:portFile:configuration:predictionLog:)`` does that. The child ends when its standard input does, so it never outlives this process. An endpoint belongs to
/// one child: after a redeployment use the new one.
public actor ChildProcessTarget: DeployTarget {
    /// What a child needs to know.
    public struct Launch: Sendable {
        /// The name to serve the model under.
        public var name: String
        /// The folder of the package.
        public var package: URL
        /// The file to write the port into, in decimal digits.
        public var portFile: URL

        /// Makes a launch.
        public init(name: String, package: URL, portFile: URL) {
            self.name = name
            self.package = package
            self.portFile = portFile
        }
    }

    private struct Child {
        var process: ChildProcess
        var folder: URL
        var endpoint: HTTPEndpoint
    }

    private let executable: URL
    private let folder: URL
    private let startTimeout: Duration
    private let stopTimeout: Duration
    private let clock: any Clock<Duration>
    private let arguments: @Sendable (Launch) -> [String]
    private var children: [String: Child] = [:]
    private var launches = 0

    /// Makes a target.
    ///
    /// - Parameters:
    ///   - executable: the program to start.
    ///   - folder: where packages and port files of the children are kept while they run.
    ///   - startTimeout: the greatest time until a child is ready.
    ///   - stopTimeout: how long a child may take to end after `SIGTERM`, before `SIGKILL`.
    ///   - arguments: the arguments of the program.
    public init(
        executable: URL, folder: URL, startTimeout: Duration = .seconds(60), stopTimeout: Duration = .seconds(10),
        clock: any Clock<Duration> = ContinuousClock(), arguments: @escaping @Sendable (Launch) -> [String]
    ) {
        self.executable = executable
        self.folder = folder
        self.startTimeout = startTimeout
        self.stopTimeout = stopTimeout
        self.clock = clock
        self.arguments = arguments
    }

    /// The process id of each child, by name.
    public var processes: [String: Int32] {
        get async {
            var ids: [String: Int32] = [:]
            for (name, child) in children { ids[name] = await child.process.id }
            return ids
        }
    }

    /// Starts a child with the package, waits until it is ready and its golden vectors match over HTTP, and then stops
    /// the one that ran under that name.
    ///
    /// - Throws: ``MLOpsError`` with `external` when the child can't be started or ends before it is ready, with what it
    ///   wrote last; `limitExceeded` when it is not ready in time; `digestMismatch` when it runs another package or a
    ///   golden vector fails. What ran under the name keeps running.
    public func deploy(_ package: ModelPackage, as name: String) async throws -> HTTPEndpoint {
        launches += 1
        let home = folder.appendingPathComponent("child-\(ProcessInfo.processInfo.processIdentifier)-\(launches)")
        let launch = Launch(
            name: name, package: home.appendingPathComponent("package"), portFile: home.appendingPathComponent("port"))
        do {
            try package.write(to: launch.package)
            let process = try ChildProcess(executable, arguments(launch), clock: clock)
            do {
                let endpoint = try await connect(process, launch, package)
                let old = children.updateValue(Child(process: process, folder: home, endpoint: endpoint), forKey: name)
                if let old { await stop(old) }
                return endpoint
            } catch {
                await process.stop(patience: stopTimeout)
                throw error
            }
        } catch {
            try? FileManager.default.removeItem(at: home)
            throw error
        }
    }

    /// Stops the child of a name: `SIGTERM`, then `SIGKILL`.
    public func withdraw(_ name: String) async {
        if let child = children.removeValue(forKey: name) { await stop(child) }
    }

    private func stop(_ child: Child) async {
        child.endpoint.close()
        await child.process.stop(patience: stopTimeout)
        try? FileManager.default.removeItem(at: child.folder)
    }

    private func connect(_ process: ChildProcess, _ launch: Launch, _ package: ModelPackage) async throws
        -> HTTPEndpoint
    {
        var waited = Duration.zero
        let step = Duration.milliseconds(20)
        while true {
            // A child that takes connections and stays silent must not outlast the timeout: asking counts as waiting.
            var ready: URL?
            waited += try await clock.measure {
                if let port = try readPort(launch.portFile), let url = URL(string: "http://127.0.0.1:\(port)"),
                    await HTTPEndpoint.isReady(url)
                {
                    ready = url
                }
            }
            if let url = ready {
                let endpoint = try await HTTPEndpoint.connect(to: url, model: launch.name)
                try await verify(endpoint, package)
                return endpoint
            }
            if let ended = await process.ended {
                if let failure = ChildFailure(beside: launch.portFile) { throw failure.error }
                throw MLOpsError(
                    .external, "\(executable.lastPathComponent) \(ended) before it was ready.",
                    help: "It wrote: \(await process.lastOutput())")
            }
            guard waited < startTimeout else {
                throw MLOpsError(
                    .limitExceeded, "\(executable.lastPathComponent) was not ready after \(startTimeout).",
                    help: "Allow more time, or see what it wrote: \(await process.lastOutput())")
            }
            try await clock.sleep(for: step)
            waited += step
        }
    }

    private func verify(_ endpoint: HTTPEndpoint, _ package: ModelPackage) async throws {
        if let found = endpoint.package, found != package.digest {
            throw MLOpsError(
                .digestMismatch, "The child runs the package \(found.short), not \(package.digest.short).",
                help: "Let the executable read the package folder that it is given.")
        }
        try await package.verifyGoldenVectors(on: endpoint)
    }

    /// The port in the file; `nil` while there is no file.
    private func readPort(_ file: URL) throws -> Int? {
        guard let bytes = FileManager.default.contents(atPath: file.path) else { return nil }
        let text = String(decoding: bytes.prefix(16), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let port = Int(text), (1...65535).contains(port) else {
            throw MLOpsError(
                .corruptData, "The child wrote '\(text)' as its port.",
                help: "Write the port in decimal digits, aside, and rename the file.")
        }
        return port
    }
}
