internal import Dispatch
internal import Foundation
internal import MLOpsCore
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The last bytes that a child process wrote, for the message when it fails.
final class OutputTail: Sendable {
    private static let limit = 8 << 10
    private let bytes = Mutex(Data())
    private let closed = Mutex(false)

    /// What was written last, as text.
    var text: String {
        String(decoding: bytes.withLock { $0 }, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Whether nothing more will come.
    var isClosed: Bool { closed.withLock { $0 } }

    /// Reads a pipe to its end, on a descriptor of its own that is closed once no events of it can come any more. A
    /// `FileHandle` with a `readabilityHandler` closes its own when it is deallocated, and if the system then gives the same
    /// number to another file, events of the one reach the other.
    func follow(_ pipe: Pipe) throws {
        let descriptor = fcntl(pipe.fileHandleForReading.fileDescriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else {
            throw MLOpsError(
                .external, "Can't read what a child process writes: \(String(cString: strerror(errno))).",
                help: "Raise the limit of open files.")
        }
        // Read until nothing is left: after the writer has closed, what an event leaves behind brings no other event.
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setEventHandler { [self] in
            var buffer = [UInt8](repeating: 0, count: Self.limit)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count > 0 {
                    append(Data(buffer[..<count]))
                } else if count == 0 || errno != EINTR && errno != EAGAIN {
                    return source.cancel()
                } else if errno == EAGAIN {
                    return
                }
            }
        }
        source.setCancelHandler { [self] in
            close(descriptor)
            closed.withLock { $0 = true }
        }
        source.resume()
    }

    /// Adds bytes, and forgets the oldest beyond the limit.
    private func append(_ data: Data) {
        bytes.withLock {
            $0.append(data)
            if $0.count > Self.limit { $0 = Data($0.suffix(Self.limit)) }
        }
    }
}
