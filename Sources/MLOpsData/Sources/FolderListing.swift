internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The files below a folder, in the order of the UTF-8 bytes of their paths.
struct FolderListing: Sendable {
    /// A file, or what stands where one was expected.
    struct Entry: Sendable {
        /// The path below the folder, with `/` between names.
        var path: String
        /// Whether it is a link to a file.
        var isLink = false
        /// Why it can't be a record; `nil` when it can.
        var failure: String?
    }

    private(set) var entries: [Entry] = []
    private let root: String

    /// Lists the files in the sub-folders of `root`, at any depth; hidden ones, and files in `root` itself, are left out.
    ///
    /// What can't be a record is an entry with a failure: a folder that can't be listed, a link to a folder or to
    /// nothing, a pipe, a name that is no UTF-8 or has control characters, and a path that differs from another only in
    /// case or in the composition of its letters, for which other file systems have one place only.
    ///
    /// - Throws: the system's reason when `root` itself can't be listed.
    init(of root: String) throws(Failure) {
        self.root = root
        let top = try names(in: "")
        for entry in top { add(entry, inFolder: nil) }
        entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var seen: [String: String] = [:]
        for i in entries.indices {
            let path = entries[i].path
            // Strings of the same letters, composed or not, are equal.
            if let other = seen.updateValue(path, forKey: path.lowercased()), entries[i].failure == nil {
                entries[i].failure = "The path differs from '\(other)' only in case or composition."
            }
        }
    }

    /// A folder that can't be listed.
    struct Failure: Error {
        var reason: String
    }

    private struct Name {
        /// The path; broken UTF-8 is replaced.
        var path: String
        var isValid: Bool
        var kind: Int32
    }

    private func names(in folder: String) throws(Failure) -> [Name] {
        guard let stream = opendir(root + "/" + folder) else {
            throw Failure(reason: String(cString: strerror(errno)))
        }
        defer { closedir(stream) }
        var names: [Name] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let (name, isValid) = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { bytes in
                    String(validatingCString: bytes).map { ($0, true) } ?? (String(cString: bytes), false)
                }
            }
            if name.hasPrefix(".") { continue }
            names.append(
                Name(
                    path: folder.isEmpty ? name : folder + "/" + name, isValid: isValid,
                    kind: Int32(entry.pointee.d_type)))
        }
        if errno != 0 { throw Failure(reason: String(cString: strerror(errno))) }
        return names
    }

    private mutating func add(_ name: Name, inFolder folder: String?) {
        var entry = Entry(path: name.path)
        var kind = name.kind
        var status = stat()
        let path = root + "/" + name.path
        if kind == Int32(DT_UNKNOWN), lstat(path, &status) == 0 {
            kind =
                [S_IFDIR: DT_DIR, S_IFREG: DT_REG, S_IFLNK: DT_LNK][status.st_mode & S_IFMT].map { Int32($0) } ?? kind
        }
        if !name.isValid {
            entry.failure = "The name is no UTF-8."
        } else if let fault = RecordFolder.fault(inName: name.path) {
            entry.failure = fault
        } else if kind == Int32(DT_DIR) {
            do {
                for inner in try names(in: name.path) { add(inner, inFolder: name.path) }
                return
            } catch { entry.failure = "The folder can't be listed: \(error.reason)." }
        } else if kind == Int32(DT_LNK) {
            entry.isLink = true
            if stat(path, &status) != 0 {
                entry.failure = "The link leads nowhere: \(String(cString: strerror(errno)))."
            } else if status.st_mode & S_IFMT == S_IFDIR {
                // One to a folder above would never end.
                entry.failure = "Links to folders are not followed."
                entries.append(entry)
                return
            }
        } else if kind != Int32(DT_REG) {
            entry.failure = "It is no regular file."
        }
        // A file beside the class folders has no class; nobody asks for it.
        if folder != nil || entry.failure != nil && kind == Int32(DT_DIR) { entries.append(entry) }
    }
}
