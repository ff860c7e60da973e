public import Foundation
internal import MLOpsCore

extension AnnotationFormat {
    /// Writes a set into a folder of its own, which is whole or not there; see ``files(of:allowing:)``.
    ///
    /// - Throws: ``MLOpsError`` with `alreadyExists` when the folder is there, `storage` when the disk is full,
    ///   `invalidArgument` when a file's path would leave the folder.
    public func write(
        _ set: AnnotationSet, to folder: URL, allowing allowed: Set<AnnotationFeature> = []
    ) throws {
        let files = try files(of: set, allowing: allowed)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw MLOpsError(
                .alreadyExists, "\(folder.path) is there already.", help: "Give the path of a folder to be made.")
        }
        let parent = folder.deletingLastPathComponent()
        let aside = parent.appending(path: ".\(folder.lastPathComponent).\(UUID().uuidString).tmp")
        defer { try? FileManager.default.removeItem(at: aside) }
        try DurableFile.makeFolder(aside)
        for file in files {
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.contains(where: { ["", ".", ".."].contains($0) }), !file.path.utf8.contains(0) else {
                throw MLOpsError(
                    .invalidArgument, "'\(file.path)' is no path within a folder.",
                    help: "Rename the pictures; see AnnotationSet.renamingFiles.")
            }
            let url = aside.appending(path: file.path)
            try DurableFile.makeFolder(url.deletingLastPathComponent())
            // Without waiting for the disk at each of what may be many thousand files.
            try DurableFile.write(file.bytes, to: url, flush: files.count <= 16)
        }
        do { try FileManager.default.moveItem(at: aside, to: folder) } catch {
            throw MLOpsError(
                .storage, "Can't move the written files to \(folder.path).", help: "Check the folder and your rights.",
                cause: error)
        }
        try DurableFile.flushFolder(parent)
    }

    /// Reads a set from a file, or from all files of the format's kind below a folder.
    ///
    /// Symbolic links are not followed.
    /// - Parameter maxBytes: the most bytes to read in all.
    /// - Throws: ``MLOpsError`` with `notFound`, `limitExceeded`, and those of ``set(from:allowing:)``.
    public func read(
        from url: URL, allowing allowed: Set<AnnotationFeature> = [], maxBytes: Int = 1 << 30
    ) throws -> AnnotationSet {
        try set(from: AnnotationFile.files(at: url, fileExtensions, maxBytes: maxBytes), allowing: allowed)
    }
}

extension AnnotationFile {
    /// The file at a place, or the regular files below a folder whose names have one of the endings, by their paths.
    static func files(at url: URL, _ endings: Set<String>, maxBytes: Int) throws -> [AnnotationFile] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw MLOpsError(.notFound, "There is nothing at \(url.path).", help: "Check the path.")
        }
        var left = maxBytes
        func file(_ path: String, at url: URL) throws -> AnnotationFile {
            let file = try OpenFile(url.path)
            guard let count = file.count, count <= left else {
                throw MLOpsError(
                    .limitExceeded, "Reading \(url.path) would take more than \(maxBytes) bytes.",
                    help: "Give it a larger maxBytes, or read fewer files.")
            }
            left -= count
            return AnnotationFile(path, file.bytes(from: 0, count: count))
        }
        guard isFolder.boolValue else { return [try file(url.lastPathComponent, at: url)] }
        guard let names = FileManager.default.enumerator(atPath: url.path) else {
            throw MLOpsError(.storage, "Can't list \(url.path).", help: "Check the folder and your rights.")
        }
        var paths: [String] = []
        while let path = names.nextObject() as? String {
            guard endings.contains((path as NSString).pathExtension.lowercased()) else { continue }
            let kind = try? FileManager.default.attributesOfItem(atPath: url.appending(path: path).path)[.type]
            if kind as? FileAttributeType == .typeRegular { paths.append(path) }
        }
        return try paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { try file($0, at: url.appending(path: $0)) }
    }
}
