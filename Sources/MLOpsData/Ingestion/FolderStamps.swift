internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The stamps of all folders of a tree: while they stay the same, no file has come, gone or been renamed.
struct FolderStamps: Sendable {
    private var stamps: [(path: String, stamp: FileStamp)] = []

    /// Takes the stamps of a folder and of those in it, but for hidden ones; `nil` when one can't be read, or has
    /// changed so lately that a further change might not show.
    init?(of root: String, asked instant: Int64) {
        func visit(_ path: String) -> Bool {
            guard let stamp = FileStamp(path.isEmpty ? root : root + "/" + path, isFolder: true),
                stamp.isSettled(before: instant), let stream = opendir(root + "/" + path)
            else { return false }
            defer { closedir(stream) }
            stamps.append((path, stamp))
            while let entry = readdir(stream) {
                let kind = Int32(entry.pointee.d_type)
                guard kind == Int32(DT_DIR) || kind == Int32(DT_UNKNOWN) else { continue }
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
                }
                if name.hasPrefix(".") { continue }
                let inner = path.isEmpty ? name : path + "/" + name
                if kind == Int32(DT_UNKNOWN), FileStamp(root + "/" + inner, isFolder: true) == nil { continue }
                guard visit(inner) else { return false }
            }
            return true
        }
        guard visit("") else { return nil }
    }

    /// Reads what ``encoded()`` wrote; `nil` for no bytes.
    init?(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return nil }
        var reader = ByteReader(bytes, source: "The stamps of a folder's scan")
        while !reader.isAtEnd { stamps.append((try reader.text(), try reader.stamp())) }
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        for (path, stamp) in stamps {
            writer.write(path)
            writer.write(stamp)
        }
        return writer.bytes
    }

    /// Whether all folders are as they were.
    func areCurrent(in root: String) -> Bool {
        stamps.allSatisfy { FileStamp($0.path.isEmpty ? root : root + "/" + $0.path, isFolder: true) == $0.stamp }
    }

}
