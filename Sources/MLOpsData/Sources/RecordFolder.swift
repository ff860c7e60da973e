internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A folder whose files are records; nothing outside it is read, whatever paths and links say.
struct RecordFolder: Sendable {
    private let path: String
    /// The folder with all links resolved; `nil` when it is not there.
    private let resolved: String?
    private let maxBytes: Int

    init(at path: String, maxBytes: Int) {
        self.path = path
        self.maxBytes = maxBytes
        resolved = Self.resolve(path)
    }

    /// The record of a file; one that can't be read has a `readFailure` and no bytes.
    ///
    /// - Parameters:
    ///   - file: the path below the folder.
    ///   - isKnown: whether `file` was found by listing the folder, with no link on its way.
    func record(
        id: String, file: String, label: String?, attributes: [String: String] = [:], isKnown: Bool = false
    ) -> RawRecord {
        var record = RawRecord(id: id, bytes: Data(), label: label, attributes: attributes)
        do {
            record.bytes = try bytes(at: isKnown ? path + "/" + file : located(file))
        } catch { record.readFailure = error.reason }
        return record
    }

    /// Why a name can't be that of a record; `nil` when it can.
    ///
    /// A line feed or another control character would break the lists, logs and terminals that show ids.
    static func fault(inName name: String) -> String? {
        guard let control = name.unicodeScalars.first(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return nil
        }
        return "The name has the control character U+\(String(format: "%04X", control.value))."
    }

    private struct Failure: Error {
        var reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// Where a path below the folder leads.
    private func located(_ file: String) throws(Failure) -> String {
        guard !file.isEmpty, !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
            throw Failure("The path '\(file)' is not one below \(path).")
        }
        if let fault = Self.fault(inName: file) { throw Failure(fault) }
        guard let target = Self.resolve(path + "/" + file) else {
            throw Failure("'\(file)' can't be opened: \(String(cString: strerror(errno))).")
        }
        guard let resolved, target.utf8.starts(with: (resolved == "/" ? resolved : resolved + "/").utf8) else {
            throw Failure("'\(file)' is a link that leaves \(path).")
        }
        return target
    }

    private func bytes(at path: String) throws(Failure) -> Data {
        for _ in 0..<3 { if let bytes = try stableBytes(at: path) { return bytes } }
        throw Failure("The file changed while it was read, three times in a row.")
    }

    /// The bytes of a file; `nil` when it changed meanwhile.
    private func stableBytes(at path: String) throws(Failure) -> Data? {
        // Opening a pipe would wait for its writer, but for O_NONBLOCK.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Failure("The file can't be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var before = stat()
        guard fstat(descriptor, &before) == 0, before.st_mode & S_IFMT == S_IFREG else {
            throw Failure("It is no regular file.")
        }
        let count = Int(before.st_size)
        guard count <= maxBytes else { throw Failure("The file has \(count) bytes; the limit is \(maxBytes).") }
        var bytes = Data(count: count)
        var done = 0
        while done < count {
            let taken = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { pread(descriptor, $0 + done, count - done, off_t(done)) } ?? 0
            }
            if taken < 0, errno == EINTR { continue }
            guard taken >= 0 else { throw Failure("The file can't be read: \(String(cString: strerror(errno))).") }
            if taken == 0 { return nil }
            done += taken
        }
        var after = stat()
        guard fstat(descriptor, &after) == 0, Self.isSame(before, after) else { return nil }
        return bytes
    }

    private static func isSame(_ a: stat, _ b: stat) -> Bool {
        #if canImport(Darwin)
            let (times, others) = ([a.st_mtimespec, a.st_ctimespec], [b.st_mtimespec, b.st_ctimespec])
        #else
            let (times, others) = ([a.st_mtim, a.st_ctim], [b.st_mtim, b.st_ctim])
        #endif
        return a.st_size == b.st_size
            && zip(times, others).allSatisfy { $0.tv_sec == $1.tv_sec && $0.tv_nsec == $1.tv_nsec }
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
