public import Foundation
internal import MLOpsCore

/// A ``DataSource`` of files in folders: one folder a class, named after it, at any depth below.
///
/// The id of a record is its path below the root, with `/` on every system; records come in the order of the UTF-8
/// bytes of their ids. Hidden files and folders, and files beside the class folders, are passed over. Everything else
/// is a record, or one with a read failure that says why not: a link that leaves the root or leads to a folder, a pipe, a
/// folder or file that can't be read, a file that changes while it is read, a name with control characters or broken
/// UTF-8, and the second of two paths that differ only in case. The list of paths is held in memory (about 30 bytes
/// each), and the bytes of one file at a time.
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

    /// The ids of all records, in order, those with a read failure among them.
    ///
    /// - Throws: ``MLOpsError`` with `notFound` when the folder is not there, `unavailable` when it can't be listed,
    ///   `insufficientData` when it holds no folder with a file.
    public func ids() throws -> [String] { try files().map(\.id) }

    /// What the listing has, in order.
    func files() throws -> FileList {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw MLOpsError(
                .notFound, "There is no folder \(root.path).", help: "Give the folder that holds one folder a class.")
        }
        let files: FileList
        do { files = try FolderListing(of: root.path).files } catch {
            throw MLOpsError(
                .unavailable, "Can't list \(root.path): \(error.reason).", help: "Check that you may read the folder.")
        }
        guard !files.isEmpty else {
            throw MLOpsError(
                .insufficientData, "\(root.path) has no folder with a file in it.",
                help: "Lay the files out as class/file, one folder a class.")
        }
        return files
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
        var open: (folder: RecordFolder, files: FileList)?

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            let (folder, files) =
                try open ?? (RecordFolder(at: source.root.path, maxBytes: source.maxBytes), source.files())
            open = (folder, files)
            guard offset < files.count else { return nil }
            let file = files[offset]
            offset += 1
            let label = file.id.split(separator: "/").first.map(String.init)
            let record =
                file.failure.map { RawRecord(id: file.id, bytes: Data(), label: label, readFailure: $0) }
                ?? folder.record(id: file.id, file: file.id, label: label, isKnown: !file.isLink)
            return SourcedRecord(record, next: SourcePosition(offset: offset))
        }
    }
}
