internal import Foundation
internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Shows that a run's process is alive: a lock on a file, which the system lets go of when the process dies.
///
/// Unlike a process id it can't be mistaken for another process's, and unlike a heartbeat it needs no waiting.
final class RunLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock; `nil` when someone holds it.
    init?(at url: URL) throws {
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw MLOpsError(
                .storage, "Can't make the lock \(url.path): \(String(cString: strerror(errno))).",
                help: "Check that the folder exists and that you may write there.")
        }
        self.descriptor = descriptor
        // A failed initializer of a class runs its `deinit` too, which closes the file.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    // Closing alone would leave the lock to a child that was forked meanwhile, until it starts its program.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Whether a living process holds the lock.
    static func isHeld(at url: URL) -> Bool {
        let descriptor = open(url.path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }
}
