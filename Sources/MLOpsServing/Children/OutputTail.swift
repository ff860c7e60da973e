internal import Foundation
internal import Synchronization

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

    /// Notes that nothing more will come.
    func close() { closed.withLock { $0 = true } }

    /// Adds bytes, and forgets the oldest beyond the limit.
    func append(_ data: Data) {
        bytes.withLock {
            $0.append(data)
            if $0.count > Self.limit { $0 = Data($0.suffix(Self.limit)) }
        }
    }
}
