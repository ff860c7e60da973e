internal import Foundation
internal import MLOpsCore
internal import Synchronization

/// Reads bytes from pack files, from any number of tasks at once.
final class PackReader: Sendable {
    private final class Pack: Sendable {
        let file: OpenFile
        init(_ path: String) throws { file = try OpenFile(path) }
    }

    /// Each open pack takes a file descriptor, of which a process may have 256 on macOS.
    private static let maxOpenPacks = 64

    private let folder: URL
    private let packs = Mutex<[Int: Pack]>([:])

    init(in folder: URL) { self.folder = folder }

    /// The bytes at a location.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when the pack is missing, `corruptData` when it is too short.
    func bytes(at location: PackLocation) throws -> Data {
        let pack = try pack(location.pack)
        // The size is checked before memory is taken for it.
        let size = pack.file.count ?? 0
        guard location.offset >= 0, location.count >= 0, location.count <= size,
            location.offset <= size - location.count
        else { throw truncated(location) }
        let bytes = pack.file.bytes(from: location.offset, count: location.count)
        guard bytes.count == location.count else { throw truncated(location) }
        return bytes
    }

    /// Closes packs that are gone from the folder.
    func forget(_ gone: some Sequence<Int>) { packs.withLock { packs in gone.forEach { packs[$0] = nil } } }

    private func pack(_ number: Int) throws -> Pack {
        try packs.withLock { packs in
            if let pack = packs[number] { return pack }
            let pack = try Pack(PackLocation.url(of: number, in: folder).path)
            if packs.count >= Self.maxOpenPacks { packs.removeAll() }
            packs[number] = pack
            return pack
        }
    }

    private func truncated(_ location: PackLocation) -> MLOpsError {
        MLOpsError(
            .corruptData,
            "The pack \(PackLocation.url(of: location.pack, in: folder).path) has no \(location.count) bytes at "
                + "\(location.offset).",
            help: "The file was cut or the disk can't be read; restore it from a copy of the store.")
    }
}
