internal import Foundation

/// Reads a file of JSON objects, one a line, as jsonlines.org has it.
struct JSONLinesReader {
    /// A line's object, or why it can't be read.
    struct Line {
        /// The line as it stands in the file, without its end; empty with a failure.
        var bytes = Data()
        var members: [String: JSONObjectReader.Value] = [:]
        /// The number of the line, from 1.
        var number: Int
        /// The number of bytes in the file before the line.
        var offset: Int
        var failure: String?
    }

    private var window: ByteWindow
    private let maxLineBytes: Int
    private let maxDepth: Int
    private var number = 0

    init(at url: URL, maxLineBytes: Int, maxDepth: Int) throws {
        window = try ByteWindow(at: url)
        self.maxLineBytes = maxLineBytes
        self.maxDepth = maxDepth
    }

    /// The next line that is not blank; `nil` at the end of the file.
    mutating func next() throws -> Line? {
        while true {
            let end = window.withBytes { $0.firstIndex(of: UInt8(ascii: "\n")) }
            if end == nil, !window.isAtEnd, window.count <= maxLineBytes {
                try window.fill()
                continue
            }
            let count = end ?? window.count
            if count == 0, end == nil { return nil }
            number += 1
            var line = Line(number: number, offset: window.offset)
            if count > maxLineBytes {
                line.failure = "more than \(maxLineBytes) bytes"
                try window.dropLine()
                return line
            }
            let isBlank = window.withBytes { bytes in
                let text = UnsafeBufferPointer(rebasing: bytes[..<count])
                if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return true }
                read(text, into: &line)
                return false
            }
            window.drop(end.map { $0 + 1 } ?? count)
            if !isBlank { return line }
        }
    }

    private func read(_ text: UnsafeBufferPointer<UInt8>, into line: inout Line) {
        do { line.members = try JSONObjectReader.members(of: text, maxDepth: maxDepth) } catch {
            line.failure = "\(error.what), at byte \(line.offset + error.place)"
            return
        }
        line.bytes = Data(text.last == UInt8(ascii: "\r") ? text.dropLast() : text[...])
    }
}
