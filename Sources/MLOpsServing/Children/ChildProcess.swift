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
        process.terminationHandler = { [ending, input] process in
            let how = process.terminationReason == .exit ? "exited with status" : "was ended by signal"
            try? input.fileHandleForWriting.close()
            ending.text.withLock { $0 = "\(how) \(process.terminationStatus)" }
        }
        try tail.follow(output)
        // Another child must not inherit this end, or it would keep this child alive.
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        do { try Self.withSignalsUnblocked { try process.run() } } catch {
            throw MLOpsError(
                .external, "Can't start \(executable.path).", help: "Check that it exists and may be run.", cause: error
            )
        }
        try? input.fileHandleForReading.close()
        try? output.fileHandleForWriting.close()
        try? output.fileHandleForReading.close()
    }

    /// How the process ended; `nil` while it runs.
    var ended: String? { ending.text.withLock { $0 } }

    /// What it wrote last to its standard output and error; of one that has ended, all that is still to be read first.
    func lastOutput() async -> String {
        // Its own children may hold the output open, so the wait has an end.
        if ended != nil { await wait(for: .seconds(2)) { tail.isClosed } }
        return tail.text
    }

    /// The process id.
    var id: Int32 { process.processIdentifier }

    /// Asks the process to end, waits, and then ends it.
    ///
    /// - Parameter patience: how long it may take by itself.
    func stop(patience: Duration) async {
        guard ended == nil else { return }
        process.terminate()
        // Ends what the child started itself, too, if that reads its input.
        try? input.fileHandleForWriting.close()
        await wait(for: patience) { ended != nil }
        if ended == nil, process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            await wait(for: .seconds(5)) { ended != nil }
        }
    }

    /// Runs the body with no signal blocked on this thread: a child inherits the mask, and the threads of the
    /// concurrency runtime block most signals, so that the child would never see `SIGTERM`.
    private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    /// Waits until something is done, the time is over, or the task is cancelled.
    private func wait(for time: Duration, until isDone: () -> Bool) async {
        var waited = Duration.zero
        let step = Duration.milliseconds(10)
        while !isDone(), waited < time {
            do { try await clock.sleep(for: step) } catch { return }
            waited += step
        }
    }
}
