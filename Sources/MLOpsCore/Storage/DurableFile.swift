public import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Files that are either wholly written or not there, whatever instant the power fails.
public enum DurableFile {
    /// Writes bytes aside, flushes them to the disk, and renames the file into place.
    ///
    /// - Parameter flush: whether to wait for the disk (`fsync`); without it a kill is still safe, a power cut is not.
    /// - Throws: ``MLOpsError`` with `storage`, for instance when the disk is full; the old file, if any, stays.
    public static func write(_ bytes: some ContiguousBytes, to url: URL, flush: Bool = true) throws {
        let folder = url.deletingLastPathComponent()
        let aside = folder.appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString).tmp")
        let descriptor = open(aside.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("create", aside) }
        do {
            try bytes.withUnsafeBytes { buffer in
                var done = 0
                while done < buffer.count {
                    let count = systemWrite(descriptor, buffer.baseAddress! + done, buffer.count - done)
                    if count < 0 {
                        if errno == EINTR { continue }
                        throw failure("write", url)
                    }
                    done += count
                }
            }
            if flush, fsync(descriptor) != 0 { throw failure("flush", url) }
        } catch {
            close(descriptor)
            unlink(aside.path)
            throw error
        }
        close(descriptor)
        guard rename(aside.path, url.path) == 0 else {
            let error = failure("rename into place", url)
            unlink(aside.path)
            throw error
        }
        if flush { try flushFolder(folder) }
    }

    /// Puts a file in the place of another in the same folder, in one step.
    ///
    /// - Throws: ``MLOpsError`` with `storage`; both stay as they were.
    package static func move(_ file: URL, over other: URL) throws {
        guard rename(file.path, other.path) == 0 else { throw failure("rename into place", other) }
    }

    /// Flushes a folder's entries to the disk, so that files made or renamed in it stay after a power cut.
    public static func flushFolder(_ folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("flush", folder) }
    }

    /// Makes a folder and those above it, when they are not there yet.
    ///
    /// - Throws: ``MLOpsError`` with `storage`.
    public static func makeFolder(_ url: URL) throws {
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            throw MLOpsError(
                .storage, "Can't make the folder \(url.path).",
                help: "Check that the disk has space and that you may write there.", cause: error)
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }

    private static func failure(_ what: String, _ url: URL) -> MLOpsError {
        let number = errno
        let reason = String(cString: strerror(number))
        let help =
            number == ENOSPC || number == EDQUOT
            ? "Free some space on that disk; what was written before is intact."
            : "Check that the folder exists and that you may write there; what was written before is intact."
        return MLOpsError(.storage, "Can't \(what) \(url.path): \(reason).", help: help)
    }
}
