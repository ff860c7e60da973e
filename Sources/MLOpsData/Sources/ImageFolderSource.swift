public import Foundation
internal import MLOpsCore

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

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
        var ids: [String] = []
        try Self.list("", below: root.path, into: &ids)
        guard !ids.isEmpty else {
            throw MLOpsError(
                .insufficientData, "\(root.path) has no folder with a file in it.",
                help: "Lay the files out as class/file, one folder a class.")
        }
        return ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Adds the files of a folder and of those in it, but for those in the root itself.
    private static func list(_ folder: String, below root: String, into ids: inout [String]) throws {
        let path = root + "/" + folder
        guard let stream = opendir(path) else {
            throw MLOpsError(
                .unavailable, "Can't list \(path): \(String(cString: strerror(errno))).",
                help: "Check that you may read the folder.")
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let id = folder.isEmpty ? name : folder + "/" + name
            // Links are followed to files only: a link to a folder above would never end.
            var kind = Int32(entry.pointee.d_type)
            var status = stat()
            if kind == Int32(DT_UNKNOWN), lstat(root + "/" + id, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                kind = Int32(DT_DIR)
            } else if kind == Int32(DT_LNK) || kind == Int32(DT_UNKNOWN) {
                guard stat(root + "/" + id, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
                kind = Int32(DT_REG)
            }
            if kind == Int32(DT_DIR) {
                try list(id, below: root, into: &ids)
            } else if kind == Int32(DT_REG), !folder.isEmpty {
                ids.append(id)
            }
        }
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
                id: id, at: source.root.path + "/" + id, label: id.split(separator: "/").first.map(String.init),
                maxBytes: source.maxBytes)
            return SourcedRecord(record, next: SourcePosition(offset: offset))
        }
    }
}
