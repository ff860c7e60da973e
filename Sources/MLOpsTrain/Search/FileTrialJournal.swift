public import Foundation
internal import MLOpsCore

/// A ``TrialJournal`` in a file of JSON lines, each flushed to the disk; a torn last line is left out on opening.
///
/// One process at a time may have it open.
public actor FileTrialJournal<Parameters: Sendable & Codable>: TrialJournal {
    private let url: URL
    private let handle: FileHandle
    private var kept: [TrialRecord<Parameters>] = []

    /// Opens a journal, which is made when it is not there.
    ///
    /// - Throws: ``MLOpsCore/MLOpsError`` with `storage` when it can't be opened, `corruptData` when a whole line is no
    ///   record of these parameters.
    public init(at url: URL) throws {
        self.url = url
        try DurableFile.makeFolder(url.deletingLastPathComponent())
        if !FileManager.default.fileExists(atPath: url.path) { try DurableFile.write(Data(), to: url) }
        let bytes: Data
        do {
            handle = try FileHandle(forUpdating: url)
            bytes = try handle.readToEnd() ?? Data()
        } catch {
            throw MLOpsError(
                .storage, "Can't open the journal \(url.path).", help: "Check that you may read and write it.",
                cause: error)
        }
        var end = bytes.startIndex
        while let newline = bytes[end...].firstIndex(of: UInt8(ascii: "\n")) {
            kept.append(
                try CanonicalJSON.decode(
                    TrialRecord<Parameters>.self, from: Data(bytes[end..<newline]), source: url.path))
            end = bytes.index(after: newline)
        }
        do {
            if end != bytes.endIndex { try handle.truncate(atOffset: UInt64(end - bytes.startIndex)) }
            try handle.seekToEnd()
        } catch { throw Self.failure(url, error) }
    }

    /// All records so far.
    public func records() -> [TrialRecord<Parameters>] { kept }

    /// Keeps a record.
    public func append(_ record: TrialRecord<Parameters>) throws {
        let line = try CanonicalJSON.encode(record) + [UInt8(ascii: "\n")]
        let start: UInt64
        do { start = try handle.offset() } catch { throw Self.failure(url, error) }
        do {
            try handle.write(contentsOf: line)
            try handle.synchronize()
        } catch {
            // Takes a half-written line back, so that the next one does not continue it.
            try? handle.truncate(atOffset: start)
            throw Self.failure(url, error)
        }
        kept.append(record)
    }

    private static func failure(_ url: URL, _ cause: any Error) -> MLOpsError {
        MLOpsError(
            .storage, "Can't write the journal \(url.path).", help: "Free some space on that disk, then resume.",
            cause: cause)
    }
}
