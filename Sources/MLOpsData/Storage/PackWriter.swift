internal import Foundation
internal import MLOpsCore
internal import Synchronization

/// Appends bytes to pack files.
///
/// A writer begins a pack of its own, so writers never meet. What a kill leaves at the end of a pack has no entry in
/// the index, and goes with the next garbage collection.
final class PackWriter: Sendable {
    private struct State {
        var pack: PackFile?
        /// Bytes of the pack that are in the file.
        var written = 0
        var isFlushed = true
        var buffer = Data()
    }

    private let folder: URL
    private let maxPackBytes: Int
    private let state = Mutex(State())

    init(in folder: URL, maxPackBytes: Int) {
        self.folder = folder
        self.maxPackBytes = maxPackBytes
    }

    /// Appends bytes and says where; they are on the disk after the next ``flush()``.
    ///
    /// - Parameter next: a number for a new pack.
    func append(_ bytes: Data, _ digest: Digest, next: () throws -> Int) throws -> PackLocation {
        try state.withLock { state in
            let count = PackLocation.frameCount + bytes.count
            if state.pack != nil, state.written + state.buffer.count + count > maxPackBytes { try finish(&state) }
            let pack = try state.pack ?? begin(&state, next)
            state.buffer.append(PackLocation.frame(bytes.count, digest))
            let offset = state.written + state.buffer.count
            state.buffer.append(bytes)
            if state.buffer.count >= 1 << 20 { try write(&state) }
            return PackLocation(pack: pack.number, offset: offset, count: bytes.count)
        }
    }

    /// Waits until all that was appended is on the disk.
    func flush() throws { try state.withLock { try flush(&$0) } }

    /// Ends the pack, so that it can be collected; what is appended next begins another.
    func finish() throws { try state.withLock { try finish(&$0) } }

    private func begin(_ state: inout State, _ next: () throws -> Int) throws -> PackFile {
        while true {
            if let pack = try PackFile.make(next(), in: folder) {
                state = State(pack: pack)
                return pack
            }
        }
    }

    private func write(_ state: inout State) throws {
        guard let pack = state.pack, !state.buffer.isEmpty else { return }
        do { try pack.append(state.buffer) } catch { throw abandon(&state, error) }
        state.written += state.buffer.count
        state.isFlushed = false
        state.buffer.removeAll(keepingCapacity: true)
    }

    private func flush(_ state: inout State) throws {
        try write(&state)
        guard !state.isFlushed else { return }
        do { try state.pack?.flush() } catch { throw abandon(&state, error) }
        state.isFlushed = true
    }

    private func finish(_ state: inout State) throws {
        try flush(&state)
        state = State()
    }

    /// Leaves a pack whose end is not known any more; what comes next begins a new one.
    private func abandon(_ state: inout State, _ error: any Error) -> any Error {
        state = State()
        return error
    }
}
