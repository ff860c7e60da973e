public import Foundation
internal import MLOpsCore

/// Reads the rows of a CSV file one at a time.
///
/// Source: RFC 4180; line ends may be LF alone, and a UTF-8 byte order mark is passed over.
public struct CSVReader: Sequence, IteratorProtocol {
    private let handle: FileHandle
    private let path: String
    private var piece = Data()
    private var place = 0
    private var line = 1
    private var isAtEnd = false
    /// The most bytes that a row may have.
    private let maxRowBytes: Int
    /// What stopped the reading; check it when ``next()`` has given `nil`.
    public private(set) var failure: (any Error)?

    /// Opens a file.
    ///
    /// - Throws: ``MLOpsError`` with `notFound`.
    public init(at url: URL, maxRowBytes: Int = 1 << 20) throws {
        do { handle = try FileHandle(forReadingFrom: url) } catch {
            throw MLOpsError(
                .notFound, "Can't open \(url.path).", help: "Check that the file exists and is readable.", cause: error)
        }
        path = url.path
        self.maxRowBytes = maxRowBytes
        if peek() == 0xEF, piece.starts(with: [0xEF, 0xBB, 0xBF]) { place += 3 }
    }

    /// The next row's fields; `nil` at the end of the file, or when ``failure`` is set.
    public mutating func next() -> [String]? {
        guard failure == nil, peek() != nil else { return nil }
        do { return try row() } catch {
            failure = error
            return nil
        }
    }

    private mutating func row() throws -> [String]? {
        let start = line
        var fields: [String] = []
        var field: [UInt8] = []
        var size = 0
        var isQuoted = false
        var wasQuoted = false
        while let byte = take() {
            size += 1
            if size > maxRowBytes { throw malformed("a row of more than \(maxRowBytes) bytes", start) }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isQuoted {
                if byte != UInt8(ascii: "\"") {
                    field.append(byte)
                } else if peek() == UInt8(ascii: "\"") {
                    _ = take()
                    field.append(byte)
                } else {
                    isQuoted = false
                    wasQuoted = true
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                guard field.isEmpty, !wasQuoted else { throw malformed("a quote inside a field without quotes", line) }
                isQuoted = true
            case UInt8(ascii: ","):
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
                wasQuoted = false
            case UInt8(ascii: "\r") where peek() == UInt8(ascii: "\n"): continue
            case UInt8(ascii: "\n"): return fields + [String(decoding: field, as: UTF8.self)]
            default:
                guard !wasQuoted else { throw malformed("text after a closing quote", line) }
                field.append(byte)
            }
        }
        if let failure { throw failure }
        guard !isQuoted else { throw malformed("a quote that is never closed", start) }
        return fields + [String(decoding: field, as: UTF8.self)]
    }

    private mutating func peek() -> UInt8? {
        if place >= piece.count, !isAtEnd {
            do { piece = try handle.read(upToCount: 1 << 16) ?? Data() } catch {
                failure = MLOpsError(.storage, "Can't read \(path).", help: "Check the disk and try again.", cause: error)
                piece = Data()
            }
            place = 0
            isAtEnd = piece.isEmpty
        }
        return place < piece.count ? piece[piece.startIndex + place] : nil
    }

    private mutating func take() -> UInt8? {
        let byte = peek()
        if byte != nil { place += 1 }
        return byte
    }

    private func malformed(_ what: String, _ line: Int) -> MLOpsError {
        MLOpsError(
            .corruptData, "\(path), line \(line), has \(what).", help: "Quote fields as RFC 4180 says, and try again.")
    }
}
