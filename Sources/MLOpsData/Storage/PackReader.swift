internal import Foundation
internal import MLOpsCore
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Reads bytes from pack files, from any number of tasks at once.
final class PackReader: Sendable {
    private let folder: URL
    private let descriptors = Mutex<[Int: Int32]>([:])

    init(in folder: URL) { self.folder = folder }

    deinit { descriptors.withLock { for descriptor in $0.values { close(descriptor) } } }

    /// The file of a pack.
    static func url(of pack: Int, in folder: URL) -> URL {
        folder.appending(path: String(repeating: "0", count: max(0, 6 - String(pack).count)) + "\(pack).pack")
    }

    /// The bytes at a location.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when the pack is missing, `corruptData` when it is too short.
    func bytes(at location: PackLocation) throws -> Data {
        let descriptor = try descriptor(of: location.pack)
        var status = stat()
        guard fstat(descriptor, &status) == 0, location.offset >= 0, location.count >= 0,
            location.count <= Int(status.st_size), location.offset <= Int(status.st_size) - location.count
        else { throw truncated(location) }
        var bytes = Data(count: location.count)
        let done = bytes.withUnsafeMutableBytes { buffer in
            var done = 0
            while done < buffer.count, let start = buffer.baseAddress {
                let count = pread(descriptor, start + done, buffer.count - done, off_t(location.offset + done))
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                done += count
            }
            return done
        }
        guard done == location.count else { throw truncated(location) }
        return bytes
    }

    private func descriptor(of pack: Int) throws -> Int32 {
        try descriptors.withLock { descriptors in
            if let descriptor = descriptors[pack] { return descriptor }
            let url = Self.url(of: pack, in: folder)
            let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw MLOpsError(
                    .notFound, "Can't open the pack \(url.path): \(String(cString: strerror(errno))).",
                    help: "Restore it from a copy of the store.")
            }
            descriptors[pack] = descriptor
            return descriptor
        }
    }

    private func truncated(_ location: PackLocation) -> MLOpsError {
        MLOpsError(
            .corruptData,
            "The pack \(Self.url(of: location.pack, in: folder).path) ends before byte "
                + "\(location.offset + location.count).",
            help: "The file was cut or the disk can't be read; restore it from a copy of the store.")
    }
}
