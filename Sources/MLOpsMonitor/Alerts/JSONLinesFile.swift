internal import Foundation
internal import MLOpsCore

/// A file of values, one to a line of JSON, appended to and flushed.
struct JSONLinesFile<Value: Codable> {
    private let url: URL
    private let handle: FileHandle

    /// Opens a file, which is made when it is not there, and gives the values in it; a torn last line is cut off.
    init(at url: URL) throws {
        self.url = url
        do {
            try DurableFile.makeFolder(url.deletingLastPathComponent())
            if !FileManager.default.fileExists(atPath: url.path) { try DurableFile.write(Data(), to: url) }
            handle = try FileHandle(forUpdating: url)
            let bytes = try handle.readToEnd() ?? Data()
            let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 - bytes.startIndex + 1 } ?? 0
            if whole != bytes.count { try handle.truncate(atOffset: UInt64(whole)) }
            try handle.seekToEnd()
        } catch {
            throw MLOpsError(
                .storage, "Can't open \(url.path).", help: "Check that you may read and write it.", cause: error)
        }
    }

    /// The values of the whole lines of a file; a torn last line is left out.
    static func read(_ url: URL) throws -> [Value] {
        guard let bytes = FileManager.default.contents(atPath: url.path) else {
            throw MLOpsError(.notFound, "There is no file \(url.path).", help: "Check the path.")
        }
        var values: [Value] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            values.append(
                try CanonicalJSON.decode(
                    Value.self, from: Data(bytes[start..<end]), source: "line \(values.count + 1) of \(url.path)"))
            start = bytes.index(after: end)
        }
        return values
    }

    /// Appends values; when it returns they are on the disk.
    func append(_ values: [Value]) throws {
        var bytes = Data()
        for value in values {
            bytes.append(try CanonicalJSON.encode(value))
            bytes.append(UInt8(ascii: "\n"))
        }
        let end = try? handle.offset()
        do {
            try handle.write(contentsOf: bytes)
            try handle.synchronize()
        } catch {
            // Takes half-written lines back, so that the next ones do not continue them.
            if let end, (try? handle.truncate(atOffset: end)) != nil { _ = try? handle.seekToEnd() }
            throw MLOpsError(
                .storage, "Can't append to \(url.path).", help: "Free some space on that disk.", cause: error)
        }
    }
}
