internal import Foundation
internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file open for reading, from any number of tasks at once.
struct OpenFile: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Opens a file; throws `notFound` with the system's reason.
    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw MLOpsError(
                .notFound, "Can't open \(path): \(String(cString: strerror(errno))).",
                help: "Check that the file is there, and that you may read it.")
        }
    }

    deinit { close(descriptor) }

    /// The number of bytes; `nil` for what is no regular file.
    var count: Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The bytes from an offset on; fewer than asked for at the end of the file, or where the disk fails.
    func bytes(from offset: Int, count: Int) -> Data {
        var bytes = Data(count: count)
        let done = bytes.withUnsafeMutableBytes { buffer in
            var done = 0
            while done < buffer.count, let start = buffer.baseAddress {
                let count = pread(descriptor, start + done, buffer.count - done, off_t(offset + done))
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                done += count
            }
            return done
        }
        return done == count ? bytes : bytes.prefix(done)
    }
}
