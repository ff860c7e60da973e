internal import Foundation
internal import MLOpsCore
internal import Synchronization

/// Where some bytes lie in the packs.
struct PackLocation: Sendable, Hashable {
    /// The number of the pack.
    var pack: Int
    /// The first byte in the pack.
    var offset: Int
    /// The number of bytes.
    var count: Int
}

/// Appends bytes to pack files.
///
/// A writer begins a pack of its own, so writers never meet. What a kill leaves at the end of a pack has no entry in
/// the index and is never read.
final class PackWriter: Sendable {
    private struct State {
        var pack: (number: Int, handle: FileHandle)?
        /// Bytes of the pack that are in the file.
        var written = 0
        var buffer = Data()
    }

    private let folder: URL
    private let maxPackBytes: Int
    private let state = Mutex(State())

    init(in folder: URL, maxPackBytes: Int) {
        self.folder = folder
        self.maxPackBytes = maxPackBytes
    }

    deinit { state.withLock { try? $0.pack?.handle.close() } }

    /// Appends bytes and says where; they are on the disk after the next ``flush()``.
    func append(_ bytes: Data) throws -> PackLocation {
        try state.withLock { state in
            if state.pack != nil, state.written + state.buffer.count + bytes.count > maxPackBytes {
                try flush(&state)
                try state.pack?.handle.close()
                state.pack = nil
            }
            let pack = try state.pack ?? begin(&state)
            let location = PackLocation(
                pack: pack.number, offset: state.written + state.buffer.count, count: bytes.count)
            state.buffer.append(bytes)
            if state.buffer.count >= 4 << 20 { try write(&state) }
            return location
        }
    }

    /// Waits until all that was appended is on the disk.
    func flush() throws { try state.withLock { try flush(&$0) } }

    private func begin(_ state: inout State) throws -> (number: Int, handle: FileHandle) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var number = (names.compactMap { Int($0.prefix { $0 != "." }) }.max() ?? 0) + 1
        // Another writer may take the number first; then the next one is tried.
        while true {
            let url = PackReader.url(of: number, in: folder)
            do {
                try Data().write(to: url, options: .withoutOverwriting)
                let handle = try FileHandle(forWritingTo: url)
                try DurableFile.flushFolder(folder)
                state.pack = (number, handle)
                state.written = 0
                return (number, handle)
            } catch CocoaError.fileWriteFileExists {
                number += 1
            } catch { throw Self.failure(error, folder) }
        }
    }

    private func write(_ state: inout State) throws {
        guard let handle = state.pack?.handle, !state.buffer.isEmpty else { return }
        do { try handle.write(contentsOf: state.buffer) } catch { throw abandon(&state, error) }
        state.written += state.buffer.count
        state.buffer.removeAll(keepingCapacity: true)
    }

    private func flush(_ state: inout State) throws {
        try write(&state)
        do { try state.pack?.handle.synchronize() } catch { throw abandon(&state, error) }
    }

    /// Leaves a pack whose end is not known any more; what comes next begins a new one.
    private func abandon(_ state: inout State, _ error: any Error) -> any Error {
        try? state.pack?.handle.close()
        state.pack = nil
        state.buffer = Data()
        state.written = 0
        return Self.failure(error, folder)
    }

    private static func failure(_ error: any Error, _ folder: URL) -> any Error {
        if error is MLOpsError { return error }
        return MLOpsError(
            .storage, "Can't write a pack in \(folder.path).",
            help: "Check the disk's space and rights; what was committed is intact.", cause: error)
    }
}
