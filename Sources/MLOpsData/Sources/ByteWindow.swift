internal import Foundation
internal import MLOpsCore

/// The bytes of a file from front to back, of which only those being looked at are in memory.
struct ByteWindow {
    private static let pieceBytes = 1 << 16

    private let handle: FileHandle
    private let path: String
    private var bytes: [UInt8] = []
    private var start = 0
    /// The place in the file of the first byte that is not dropped yet.
    private(set) var offset = 0
    /// Whether the file has no bytes beyond those in the window.
    private(set) var isAtEnd = false

    /// Opens a file, and passes over a UTF-8 byte order mark.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`, or `storage` when it can't be read.
    init(at url: URL) throws {
        do { handle = try FileHandle(forReadingFrom: url) } catch {
            throw MLOpsError(
                .notFound, "Can't open \(url.path).", help: "Check that the file exists and is readable.", cause: error)
        }
        path = url.path
        while count < 3, !isAtEnd { try fill() }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { drop(3) }
    }

    /// The number of bytes in the window.
    var count: Int { bytes.count - start }

    /// Reads more of the file into the window, or finds its end.
    mutating func fill() throws {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        do {
            let piece = try handle.read(upToCount: Self.pieceBytes) ?? Data()
            bytes.append(contentsOf: piece)
            isAtEnd = piece.isEmpty
        } catch {
            throw MLOpsError(.storage, "Can't read \(path).", help: "Check the disk and try again.", cause: error)
        }
    }

    /// Lets go of the first bytes.
    mutating func drop(_ count: Int) {
        start += count
        offset += count
    }

    /// Lets go of all up to the next line feed, that one included, wherever it comes.
    mutating func dropLine() throws {
        while true {
            if let end = withBytes({ $0.firstIndex(of: UInt8(ascii: "\n")) }) { return drop(end + 1) }
            drop(count)
            if isAtEnd { return }
            try fill()
        }
    }

    /// The bytes in the window.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[start...])) }
    }
}
