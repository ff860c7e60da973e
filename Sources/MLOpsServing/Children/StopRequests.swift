internal import Dispatch
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The reasons for a child process to stop: `SIGTERM`, `SIGINT`, or a parent that is gone.
enum StopRequests {
    /// Returns at the first of them, or when the task is cancelled.
    ///
    /// A parent that is gone is seen at the end of standard input, when that is a pipe.
    static func first() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
        let input = FileHandle.standardInput
        if isPipe(input.fileDescriptor) {
            input.readabilityHandler = { handle in
                guard handle.availableData.isEmpty else { return }
                handle.readabilityHandler = nil
                continuation.yield()
            }
        }
        for await _ in stream { break }
        sources.forEach { $0.cancel() }
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        input.readabilityHandler = nil
    }

    /// Whether a descriptor is a pipe or a socket: neither a place in a file nor a terminal.
    private static func isPipe(_ descriptor: Int32) -> Bool {
        lseek(descriptor, 0, SEEK_CUR) == -1 && errno == ESPIPE && isatty(descriptor) == 0
    }
}
