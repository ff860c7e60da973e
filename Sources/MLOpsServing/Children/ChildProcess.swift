internal import Foundation
internal import MLOpsCore
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A process that this one started; it holds the other end of the child's standard input, which closes when this
/// process dies, however it dies.
actor ChildProcess {
    /// How the process ended, for people.
    private final class Ending: Sendable {
        let text = Mutex<String?>(nil)
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let ending = Ending()
    private let tail = OutputTail()
    private let clock: any Clock<Duration>

    /// Starts an executable.
    ///
    /// - Throws: ``MLOpsError`` with `external` when it can't be started.
    init(_ executable: URL, _ arguments: [String], clock: any Clock<Duration>) throws {
        self.clock = clock
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { [ending] process in
            let how = process.terminationReason == .exit ? "exited with status" : "was ended by signal"
            ending.text.withLock { $0 = "\(how) \(process.terminationStatus)" }
        }
        output.fileHandleForReading.readabilityHandler = { [tail] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil } else { tail.append(data) }
        }
        // Another child must not inherit this end, or it would keep this child alive.
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        do { try process.run() } catch {
            output.fileHandleForReading.readabilityHandler = nil
            throw MLOpsError(
                .external, "Can't start \(executable.path).", help: "Check that it exists and may be run.", cause: error)
        }
        try? input.fileHandleForReading.close()
        try? output.fileHandleForWriting.close()
    }

    /// How the process ended; `nil` while it runs.
    var ended: String? { ending.text.withLock { $0 } }

    /// What it wrote last to its standard output and error.
    var lastOutput: String { tail.text }

    /// The process id.
    var id: Int32 { process.processIdentifier }

    /// Asks the process to end, waits, and then ends it.
    ///
    /// - Parameter patience: how long it may take by itself.
    func stop(patience: Duration) async {
        guard ended == nil else { return }
        process.terminate()
        await wait(for: patience)
        if ended == nil, process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            await wait(for: .seconds(5))
        }
        try? input.fileHandleForWriting.close()
    }

    /// Waits until the process has ended, the time is over, or the task is cancelled.
    private func wait(for time: Duration) async {
        var waited = Duration.zero
        let step = Duration.milliseconds(10)
        while ended == nil, waited < time {
            do { try await clock.sleep(for: step) } catch { return }
            waited += step
        }
    }
}
