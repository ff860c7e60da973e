internal import Foundation
internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The bytes of a model file: in memory, or in the file until somebody asks for them, so that none are in memory twice.
struct ModelBytes: Sendable {
    private enum Source {
        case memory(Data)
        case file(OpenFile)
    }

    /// How many there are.
    let count: Int
    private let source: Source

    /// Takes in bytes that are in memory.
    init(_ bytes: Data) { (count, source) = (bytes.count, .memory(bytes)) }

    /// Opens a file.
    ///
    /// - Throws: `notFound` when there is no such file, or it can't be read; `invalidArgument` for another address.
    init(contentsOf url: URL) throws {
        guard url.scheme == nil || url.isFileURL else {
            throw MLOpsError(
                .invalidArgument, "A model can't be opened at \(url.absoluteString).",
                help: "Download it, and give the path of the file.")
        }
        let file = try OpenFile(url)
        (count, source) = (file.count, .file(file))
    }

    /// All of them.
    func data() throws -> Data {
        if case .memory(let bytes) = source { return bytes }
        var data = Data(count: count)
        try data.withUnsafeMutableBytes { try read(0..<count, into: $0) }
        return data
    }

    /// A copy of some of them.
    func bytes(_ range: Range<Int>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, written in
            let target = UnsafeMutableRawBufferPointer(buffer)[..<range.count]
            try read(range, into: UnsafeMutableRawBufferPointer(rebasing: target))
            written = range.count
        }
    }

    /// Copies some of them to memory for as many.
    ///
    /// - Throws: `corruptData` when the file has become shorter since it was opened.
    func read(_ range: Range<Int>, into target: UnsafeMutableRawBufferPointer) throws {
        switch source {
        case .memory(let bytes):
            bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
        case .file(let file): try file.read(from: range.lowerBound, into: target)
        }
    }
}

/// A file that is open for reading, by several threads at once, until nobody needs it.
private final class OpenFile: Sendable {
    let count: Int
    private let descriptor: Int32
    private let name: String

    init(_ url: URL) throws {
        name = url.lastPathComponent
        // What is no file, such as a pipe, must not make it wait.
        descriptor = open(url.path(percentEncoded: false), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            throw MLOpsError(
                .notFound, "The file '\(name)' can't be read.", help: "Give the path of an ONNX file.")
        }
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    func read(from start: Int, into target: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < target.count {
            // Some systems read no more than 2 GiB at a time.
            let wanted = min(target.count - done, 1 << 30)
            let got = pread(descriptor, target.baseAddress.map { $0 + done }, wanted, off_t(start + done))
            if got < 0 {
                if errno == EINTR { continue }
                throw MLOpsError(
                    .storage, "The file '\(name)' can't be read: \(String(cString: strerror(errno))).",
                    help: "Check the disk that it is on.")
            }
            guard got > 0 else {
                throw MLOpsError(
                    .corruptData, "The file '\(name)' ends at byte \(start + done), before its \(count) bytes.",
                    help: "Leave the file alone while it is opened.")
            }
            done += got
        }
    }
}
