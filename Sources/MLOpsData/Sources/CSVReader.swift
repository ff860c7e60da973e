public import Foundation
internal import MLOpsCore

/// Reads the rows of a CSV file one at a time.
///
/// A row that can't be read is given with its ``CSVRow/failure``, and reading goes on after the line with the fault; a
/// quote that is never closed costs the line on which it was opened, not the rest of the file. Memory holds one row of
/// at most `maxRowBytes`. Source: RFC 4180; line ends may be LF alone, and a UTF-8 byte order mark is passed over.
public struct CSVReader: Sequence, IteratorProtocol {
    private var window: ByteWindow
    private let scanner: CSVScanner
    private let maxRowBytes: Int
    private var line = 1
    /// What stopped the reading, such as a disk that fails; check it when ``next()`` has given `nil`.
    public private(set) var failure: (any Error)?

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - delimiter: what stands between fields, such as `;` or a tab; one ASCII character.
    ///   - maxRowBytes: a longer row has a failure.
    /// - Throws: ``MLOpsError`` with `notFound`; `storage` when the file can't be read; `invalidArgument` for another
    ///   kind of delimiter.
    public init(at url: URL, delimiter: Character = ",", maxRowBytes: Int = 1 << 20) throws {
        guard let byte = delimiter.asciiValue, !"\"\r\n".contains(delimiter) else {
            throw MLOpsError(
                .invalidArgument, "'\(delimiter)' can't stand between fields.",
                help: "Take an ASCII character that is no quote and no line end.")
        }
        scanner = CSVScanner(delimiter: byte)
        window = try ByteWindow(at: url)
        self.maxRowBytes = maxRowBytes
    }

    /// The next row; `nil` at the end of the file, or when ``failure`` is set.
    public mutating func next() -> CSVRow? {
        guard failure == nil else { return nil }
        do { return try row() } catch {
            failure = error
            return nil
        }
    }

    private mutating func row() throws -> CSVRow? {
        while true {
            if window.count == 0 {
                if window.isAtEnd { return nil }
                try window.fill()
                continue
            }
            var row = CSVRow([], line: line, offset: window.offset)
            let isEnd = window.isAtEnd
            switch window.withBytes({ scanner.scan($0, isEnd: isEnd) }) {
            case .more where window.count <= maxRowBytes:
                try window.fill()
                continue
            case .row(let fields, let length, let lines) where length <= maxRowBytes:
                take(fields, into: &row)
                window.drop(length)
                line += lines
            case .fault(let what, let length, let lines) where length <= maxRowBytes:
                row.failure = what
                window.drop(length)
                line += lines
            case .unclosed where window.count <= maxRowBytes:
                row.failure = "a quote that is never closed"
                try window.dropLine()
                line += 1
            default:
                row.failure = "more than \(maxRowBytes) bytes"
                try window.dropLine()
                line += 1
            }
            return row
        }
    }

    private func take(_ fields: [CSVScanner.Field], into row: inout CSVRow) {
        row.fields.reserveCapacity(fields.count)
        window.withBytes { bytes in
            for field in fields {
                let text = bytes[field.range]
                let valid =
                    field.hasQuotes
                    ? String(validating: Self.withSingleQuotes(text), as: UTF8.self)
                    : String(validating: text, as: UTF8.self)
                guard let valid else {
                    let place = row.offset + field.range.lowerBound
                    row.failure = "broken UTF-8 in field \(row.fields.count + 1), at byte \(place)"
                    row.fields = []
                    return
                }
                row.fields.append(valid)
            }
        }
    }

    private static func withSingleQuotes(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isSecond = false
        for byte in text {
            isSecond = byte == UInt8(ascii: "\"") && !isSecond
            if byte != UInt8(ascii: "\"") || isSecond { result.append(byte) }
        }
        return result
    }
}
