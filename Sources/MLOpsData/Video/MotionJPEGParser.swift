public import Foundation
internal import MLOpsCore

/// Cuts a camera's Motion JPEG stream, as it comes in over HTTP, into its frames.
///
/// The stream is `multipart/x-mixed-replace`: each part has a boundary line, headers, and a JPEG. Parts with a
/// Content-Length are taken by it; others end at the next boundary. Parts of another type than JPEG are passed over.
/// Memory is bounded by the limits. Source: RFC 2046, section 5.1; line ends may be LF alone, as some cameras send.
public struct MotionJPEGParser: Sendable {
    private enum State: Hashable {
        case boundary
        case headers
        case body(length: Int?)
        case end
    }

    private struct PartHeaders {
        var length: Int?
        var isJPEG = true
    }

    private let delimiter: [UInt8]
    private let maxFrameBytes: Int
    private let maxHeaderBytes: Int
    private var state = State.boundary
    private var keepsPart = true
    private var buffer: [UInt8] = []
    /// Bytes at the start of `buffer` in which the boundary is known not to begin.
    private var searched = 0
    /// Bytes passed over since the last boundary.
    private var skipped = 0
    /// What is wrong with the stream after the frames that were handed over.
    private var failure: (any Error)?

    /// Makes a parser.
    ///
    /// - Parameter boundary: the parameter of the Content-Type; see ``boundary(ofContentType:)``.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for an empty boundary, or one above 200 bytes.
    public init(boundary: String, maxFrameBytes: Int = 16 << 20, maxHeaderBytes: Int = 16 << 10) throws {
        // Many cameras write the two hyphens of the boundary line into the parameter too.
        let token = boundary.drop { $0 == "-" }
        guard !token.isEmpty, token.utf8.count <= 200 else {
            throw MLOpsError(
                .invalidArgument, "'\(boundary.prefix(40))' is no boundary of a multipart stream.",
                help: "Give the boundary parameter of the response's Content-Type.")
        }
        delimiter = Array(token.utf8)
        self.maxFrameBytes = maxFrameBytes
        self.maxHeaderBytes = maxHeaderBytes
    }

    /// The boundary in a Content-Type such as `multipart/x-mixed-replace; boundary="frame"`; `nil` when there is none.
    public static func boundary(ofContentType value: String) -> String? {
        let parts = value.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.first?.lowercased().hasPrefix("multipart/") == true else { return nil }
        for part in parts.dropFirst() {
            guard let equals = part.firstIndex(of: "="), part[..<equals].lowercased() == "boundary" else { continue }
            let text = part[part.index(after: equals)...].trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
            return text.isEmpty ? nil : text
        }
        return nil
    }

    /// Whether the stream's last boundary has come; what follows is passed over.
    public var isAtEnd: Bool { state == .end }

    /// Whether a part has begun whose end has not come, or that can't be read.
    public var hasPartialFrame: Bool {
        if failure != nil { return true }
        return switch state {
        case .boundary, .end: false
        case .headers: !buffer.isEmpty
        case .body: true
        }
    }

    /// Takes the next bytes and gives the frames that they complete, in order.
    ///
    /// - Throws: ``MLOpsError`` with `limitExceeded` for a frame above the limit, `corruptData` for headers that are
    ///   none; when frames came before that, they are given first, and the next call throws. The stream can't be gone
    ///   on with then: open it again, with a new parser.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws -> [Data] {
        if let failure { throw failure }
        guard state != .end else { return [] }
        buffer.append(contentsOf: bytes)
        var frames: [Data] = []
        do {
            while let frame = try advance() { if !frame.isEmpty { frames.append(frame) } }
        } catch {
            failure = error
            if frames.isEmpty { throw error }
        }
        return frames
    }

    /// One step: a frame, an empty `Data` for a step without one, or `nil` when more bytes are needed.
    private mutating func advance() throws -> Data? {
        switch state {
        case .end:
            buffer = []
            return nil
        case .boundary:
            guard let next = try boundaryLine() else { return nil }
            state = next
            return Data()
        case .headers:
            guard let headers = try partHeaders() else { return nil }
            keepsPart = headers.isJPEG
            state = .body(length: headers.length)
            return Data()
        case .body(let length?):
            guard buffer.count >= length else { return nil }
            let frame = Data(buffer[..<length])
            drop(length)
            state = .boundary
            return keepsPart ? frame : Data()
        case .body(nil):
            guard let start = findDelimiter() else {
                if buffer.count > maxFrameBytes { throw tooLarge(buffer.count) }
                return nil
            }
            var end = start
            while end > 0, buffer[end - 1] == UInt8(ascii: "-") { end -= 1 }
            if end > 0, buffer[end - 1] == UInt8(ascii: "\n") { end -= 1 }
            if end > 0, buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            if end > maxFrameBytes { throw tooLarge(end) }
            let frame = Data(buffer[..<end])
            drop(end)
            state = .boundary
            return keepsPart ? frame : Data()
        }
    }

    /// Takes all up to the end of the next boundary line, and says what comes after it.
    private mutating func boundaryLine() throws -> State? {
        guard let start = findDelimiter() else {
            // Nothing before a boundary is wanted; what may be its beginning stays.
            let unwanted = max(0, buffer.count - delimiter.count - 1)
            skipped += unwanted
            drop(unwanted)
            if skipped > maxFrameBytes { throw malformed("no boundary in \(skipped) bytes") }
            return nil
        }
        skipped = 0
        let rest = buffer[(start + delimiter.count)...]
        guard let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            if rest.count > maxHeaderBytes { throw malformed("a boundary line of more than \(maxHeaderBytes) bytes") }
            return nil
        }
        let isLast = rest.starts(with: "--".utf8)
        drop(lineEnd + 1)
        return isLast ? .end : .headers
    }

    /// Takes the header lines and the empty line after them.
    private mutating func partHeaders() throws -> PartHeaders? {
        var headers = PartHeaders()
        var position = 0
        while let lineEnd = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: buffer[position..<lineEnd], as: UTF8.self).trimmingCharacters(in: .whitespaces)
                .trimmingCharacters(in: .newlines)
            position = lineEnd + 1
            if position > maxHeaderBytes { break }
            if line.isEmpty {
                drop(position)
                return headers
            }
            guard let colon = line.firstIndex(of: ":") else { throw malformed("the header line '\(line.prefix(60))'") }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "content-length":
                guard let length = Int(value), length >= 0 else {
                    throw malformed("Content-Length: \(value.prefix(40))")
                }
                if length > maxFrameBytes { throw tooLarge(length) }
                headers.length = length
            case "content-type":
                headers.isJPEG = value.lowercased().hasPrefix("image/jp")
            default: break
            }
        }
        if max(position, buffer.count) > maxHeaderBytes { throw malformed("headers above \(maxHeaderBytes) bytes") }
        return nil
    }

    /// Where `--boundary` has its name, searching on from where the last search stopped.
    private mutating func findDelimiter() -> Int? {
        let count = delimiter.count
        let found: Int? = buffer.withUnsafeBufferPointer { buffer in
            guard buffer.count >= count + 2 else { return nil }
            var i = max(2, searched)
            while i <= buffer.count - count {
                if buffer[i - 1] == UInt8(ascii: "-"), buffer[i - 2] == UInt8(ascii: "-"), buffer[i] == delimiter[0],
                    buffer[i..<i + count].elementsEqual(delimiter)
                {
                    return i
                }
                i += 1
            }
            return nil
        }
        searched = found ?? max(0, buffer.count - count + 1)
        return found
    }

    private mutating func drop(_ count: Int) {
        buffer.removeFirst(count)
        searched = 0
    }

    private func tooLarge(_ count: Int) -> MLOpsError {
        MLOpsError(
            .limitExceeded, "A frame of the stream has \(count) bytes or more; the limit is \(maxFrameBytes).",
            help: "Raise maxFrameBytes, or lower the camera's resolution.")
    }

    private func malformed(_ what: String) -> MLOpsError {
        MLOpsError(
            .corruptData, "The stream is no Motion JPEG: it has \(what).",
            help: "Check that the address gives multipart/x-mixed-replace, and open it again.")
    }
}
