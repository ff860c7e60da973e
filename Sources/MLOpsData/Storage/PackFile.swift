internal import Foundation
internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A pack that nobody else writes, rewrites or deletes: it is locked from its opening to its end.
final class PackFile: Sendable {
    let number: Int
    private let descriptor: Int32

    private init(_ number: Int, _ descriptor: Int32) {
        self.number = number
        self.descriptor = descriptor
    }

    // Closing alone would leave the lock to a child that was forked meanwhile, until it starts its program.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Makes a pack of that number; `nil` when it is taken.
    static func make(_ number: Int, in folder: URL) throws -> PackFile? {
        let path = PackLocation.url(of: number, in: folder).path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0, errno == EEXIST { return nil }
        guard descriptor >= 0 else { throw failure("make", path) }
        let file = PackFile(number, descriptor)
        // A collector that came in between may have locked the empty file, and deleted it.
        var status = stat()
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
            return nil
        }
        try DurableFile.flushFolder(folder)
        return file
    }

    /// Locks a pack that is there; `nil` when somebody writes it, or it is gone.
    static func lock(_ number: Int, in folder: URL) -> PackFile? {
        let descriptor = open(PackLocation.url(of: number, in: folder).path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let file = PackFile(number, descriptor)
        var status = stat()
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
            return nil
        }
        return file
    }

    /// Writes at the end.
    func append(_ bytes: Data) throws {
        try bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count, let start = buffer.baseAddress {
                let count = write(descriptor, start + done, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure("write", "the pack \(number)") }
                done += count
            }
        }
    }

    /// Waits until what was written is on the disk.
    func flush() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure("flush", "the pack \(number)") }
    }

    /// Deletes the pack.
    func delete(in folder: URL) throws {
        let path = PackLocation.url(of: number, in: folder).path
        guard unlink(path) == 0 else { throw Self.failure("delete", path) }
        try DurableFile.flushFolder(folder)
    }

    private static func failure(_ what: String, _ path: String) -> MLOpsError {
        MLOpsError(
            .storage, "Can't \(what) \(path): \(String(cString: strerror(errno))).",
            help: "Check the disk's space and rights; what was committed is intact.")
    }
}
