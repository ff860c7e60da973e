internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The files below a folder, in the order of the UTF-8 bytes of their paths.
struct FolderListing {
    private(set) var files = FileList()
    private let root: String
    /// Paths by their form without case, of those that may meet another's.
    private var seen: [String: String] = [:]

    /// Lists the files in the sub-folders of `root`, at any depth; hidden ones, and files in `root` itself, are left out.
    ///
    /// What can't be a record is a file with a failure: a folder that can't be listed, whose path ends with a slash, a
    /// link to a folder or to nothing, a pipe, a name that is no UTF-8 or has control characters, and a path that differs
    /// from another only in case or in the composition of its letters, for which other file systems have one place only.
    ///
    /// - Throws: the system's reason when `root` itself can't be listed.
    init(of root: String) throws(Failure) {
        self.root = root
        try list("", mayMeet: false)
    }

    /// A folder that can't be listed.
    struct Failure: Error {
        var reason: String
    }

    /// What a folder has.
    private struct Name {
        /// The name, spelled with `%` and two digits a byte where it is no UTF-8; that of a folder ends with a slash, as its place is among the paths.
        var text: String
        var isValid: Bool
        var kind: Int32

        /// Equal for names that differ only in case or composition.
        var folded: String { (text.hasSuffix("/") ? String(text.dropLast()) : text).lowercased() }
    }

    /// Adds what is in a folder, or throws before it adds anything.
    ///
    /// - Parameters:
    ///   - folder: the path, with a slash behind it, or empty for the root.
    ///   - mayMeet: whether the path of the folder differs from another only in case or composition.
    private mutating func list(_ folder: String, mayMeet: Bool) throws(Failure) {
        let names = try names(in: folder)
        let twins = mayMeet ? [] : Self.twins(among: names)
        for name in names { add(name, in: folder, mayMeet: mayMeet || !twins.isEmpty && twins.contains(name.folded)) }
    }

    /// The names, in order.
    private func names(in folder: String) throws(Failure) -> [Name] {
        guard let stream = opendir(root + "/" + folder) else {
            throw Failure(reason: String(cString: strerror(errno)))
        }
        defer { closedir(stream) }
        var names: [Name] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            var (text, isValid) = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { bytes in
                    String(validatingCString: bytes).map { ($0, true) } ?? (Self.spelled(bytes), false)
                }
            }
            if text.hasPrefix(".") { continue }
            var kind = Int32(entry.pointee.d_type)
            var status = stat()
            if kind == Int32(DT_UNKNOWN), lstat(root + "/" + folder + text, &status) == 0 {
                kind =
                    [S_IFDIR: DT_DIR, S_IFREG: DT_REG, S_IFLNK: DT_LNK][status.st_mode & S_IFMT].map { Int32($0) }
                    ?? kind
            }
            if kind == Int32(DT_DIR) { text += "/" }
            names.append(Name(text: text, isValid: isValid, kind: kind))
        }
        if errno != 0 { throw Failure(reason: String(cString: strerror(errno))) }
        names.sort { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        return names
    }

    /// A name whose encoding is not known, told apart from all others by the digits of its bytes.
    private static func spelled(_ name: UnsafePointer<CChar>) -> String {
        UnsafeBufferPointer(start: name, count: strlen(name)).map { byte in
            let byte = UInt8(bitPattern: byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 0x80 ? String(Unicode.Scalar(byte)) : "%\(digits)"
        }.joined()
    }

    /// The folded names that more than one name has; told by hashes first, since there are hardly ever any.
    private static func twins(among names: [Name]) -> Set<String> {
        var hashes = names.map { $0.folded.hashValue }
        hashes.sort()
        let common = Set(zip(hashes, hashes.dropFirst()).filter { $0 == $1 }.map(\.0))
        guard !common.isEmpty else { return [] }
        var counts: [String: Int] = [:]
        for name in names where common.contains(name.folded.hashValue) { counts[name.folded, default: 0] += 1 }
        return Set(counts.filter { $0.value > 1 }.keys)
    }

    private mutating func add(_ name: Name, in folder: String, mayMeet: Bool) {
        var file = SourceFile(id: folder + name.text)
        var isFolder = name.kind == Int32(DT_DIR)
        if !name.isValid {
            file.failure = "The name is no UTF-8."
        } else if let fault = RawRecord.fault(inID: file.id) {
            file.failure = fault
        } else if isFolder {
            do { return try list(file.id, mayMeet: mayMeet) } catch {
                file.failure = "The folder can't be listed: \(error.reason)."
            }
        } else if name.kind == Int32(DT_LNK) {
            var status = stat()
            file.isLink = true
            if stat(root + "/" + file.id, &status) != 0 {
                file.failure = "The link leads nowhere: \(String(cString: strerror(errno)))."
            } else if status.st_mode & S_IFMT == S_IFDIR {
                // One to a folder above would never end.
                file.failure = "Links to folders are not followed."
                isFolder = true
            }
        } else if name.kind != Int32(DT_REG) {
            file.failure = "It is no regular file."
        }
        // A file beside the class folders has no class; nobody asks for it.
        guard !folder.isEmpty || isFolder else { return }
        if mayMeet, let other = seen.updateValue(file.id, forKey: file.id.lowercased()), file.failure == nil {
            file.failure = "The path differs from '\(other)' only in case or composition."
        }
        files.append(file)
    }
}
