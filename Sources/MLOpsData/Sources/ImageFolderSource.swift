public import Foundation
internal import MLOpsCore

/// A ``DataSource`` of files in folders: one folder a class, named after it, at any depth below.
///
/// The id of a record is its path below the root, with `/` on every system; records come in the order of the UTF-8
/// bytes of their ids. Hidden files and folders, and files beside the class folders, are passed over. The list of paths
/// is held in memory, the bytes of one file at a time.
public struct ImageFolderSource: DataSource {
    /// The folder that holds the class folders.
    public let root: URL
    /// The most bytes that a file may have; a larger one is a record with a read failure.
    public let maxBytes: Int

    /// Makes a source of the folder at `root`, which is read when records are asked for.
    public init(at root: URL, maxBytes: Int = 64 << 20) {
        self.root = root
        self.maxBytes = maxBytes
    }

    /// The ids of all records, in order.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when the folder is not there, `insufficientData` when it holds no
    ///   folder with a file.
    public func ids() throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw MLOpsError(
                .notFound, "There is no folder \(root.path).", help: "Give the folder that holds one folder a class.")
        }
        guard
            let files = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        else {
            throw MLOpsError(.unavailable, "Can't list \(root.path).", help: "Check that you may read the folder.")
        }
        let depth = root.standardizedFileURL.pathComponents.count
        var ids: [String] = []
        for case let file as URL in files {
            let parts = file.standardizedFileURL.pathComponents.dropFirst(depth)
            guard parts.count >= 2, try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
                continue
            }
            ids.append(parts.joined(separator: "/"))
        }
        guard !ids.isEmpty else {
            throw MLOpsError(
                .insufficientData, "\(root.path) has no folder with a file in it.",
                help: "Lay the files out as class/file, one folder a class.")
        }
        return ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Streams the records from `position` on.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        RecordSequence { Iterator(source: self, offset: position.offset) }
    }

    struct Iterator: AsyncIteratorProtocol {
        let source: ImageFolderSource
        var offset: Int
        var ids: [String]?

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            let ids = try ids ?? source.ids()
            self.ids = ids
            guard offset < ids.count else { return nil }
            let id = ids[offset]
            offset += 1
            let record = RecordFile.record(
                id: id, at: source.root.appending(path: id), label: id.split(separator: "/").first.map(String.init),
                maxBytes: source.maxBytes)
            return SourcedRecord(record, next: SourcePosition(offset: offset))
        }
    }
}
