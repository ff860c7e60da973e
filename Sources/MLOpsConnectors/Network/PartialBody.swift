internal import AsyncHTTPClient
internal import Foundation
internal import MLOpsCore
internal import NIOCore
internal import NIOHTTP1

/// What has come of a body, over as many connections as it takes.
///
/// Source: RFC 9110, sections 13.1.5 (If-Range), 14 (ranges) and 8.8 (validators).
struct PartialBody {
    private let maxBytes: Int
    private let place: String
    private(set) var bytes = Data()
    private var first: HTTPHeaders?
    /// The ETag or date by which the server knows the same content again.
    private var validator: String?

    init(maxBytes: Int, place: String) {
        self.maxBytes = maxBytes
        self.place = place
    }

    /// The headers that ask for the rest.
    var resumption: [(name: String, value: String)] {
        guard let validator, !bytes.isEmpty else { return [] }
        return [("range", "bytes=\(bytes.count)-"), ("if-range", validator)]
    }

    /// Takes an answer's body; `nil` when the request is to be sent again.
    mutating func take(_ response: HTTPClientResponse) async throws -> HTTPTransfer.Reply? {
        let status = Int(response.status.code)
        if status == 408 || status == 429 || status >= 500 {
            _ = try? await Self.beginning(of: response.body)
            return nil
        }
        if status == 206, let first, !bytes.isEmpty {
            guard isContinuation(response.headers) else {
                forget()
                return nil
            }
            try await append(response.body)
            // A server may send less than was asked for (RFC 9110, section 15.3.7).
            let range = response.headers.first(name: "content-range")
            let count =
                range?.split(separator: "/").last.flatMap { Int($0) }
                ?? first.first(name: "content-length").flatMap { Int($0) }
            if let count, bytes.count < count { return nil }
            return HTTPTransfer.Reply(status: 200, headers: first, body: bytes)
        }
        if status == 416 || status == 412, !bytes.isEmpty {
            forget()
            return nil
        }
        forget()
        guard (200..<300).contains(status) else {
            return HTTPTransfer.Reply(
                status: status, headers: response.headers, body: try await Self.beginning(of: response.body))
        }
        let count = response.headers.first(name: "content-length").flatMap { Int($0) }
        if let count, count > maxBytes { throw tooLarge("\(count) bytes") }
        first = response.headers
        // The rest of a range that was asked for would need another range.
        validator = status == 200 ? Self.validator(in: response.headers) : nil
        // The answer to HEAD names a length and has no body.
        bytes.reserveCapacity(min(count ?? 0, 1 << 20))
        try await append(response.body)
        return HTTPTransfer.Reply(status: status, headers: response.headers, body: bytes)
    }

    private mutating func append(_ body: HTTPClientResponse.Body) async throws {
        for try await piece in body {
            guard bytes.count + piece.readableBytes <= maxBytes else { throw tooLarge("more bytes") }
            bytes.append(contentsOf: piece.readableBytesView)
        }
    }

    private mutating func forget() {
        bytes = Data()
        first = nil
        validator = nil
    }

    /// Whether a partial answer begins where the bytes end, and is of the same content.
    private func isContinuation(_ headers: HTTPHeaders) -> Bool {
        guard let range = headers.first(name: "content-range"), range.hasPrefix("bytes \(bytes.count)-") else {
            return false
        }
        return Self.validator(in: headers).map { $0 == validator } ?? true
    }

    private static func validator(in headers: HTTPHeaders) -> String? {
        // Compressed by the way, offsets would be those of other bytes.
        guard headers.first(name: "content-encoding").map({ $0 == "identity" }) ?? true else { return nil }
        if let tag = headers.first(name: "etag") { return tag.hasPrefix("W/") ? nil : tag }
        return headers.first(name: "last-modified")
    }

    /// At most 64 KiB of a body, such as the text of an error.
    private static func beginning(of body: HTTPClientResponse.Body) async throws -> Data {
        var bytes = Data()
        for try await piece in body {
            bytes.append(contentsOf: piece.readableBytesView.prefix((1 << 16) - bytes.count))
            if bytes.count == 1 << 16 { break }
        }
        return bytes
    }

    private func tooLarge(_ what: String) -> MLOpsError {
        MLOpsError(
            .limitExceeded, "\(place) has \(what); the limit is \(maxBytes).",
            help: "Raise maxBytes, or leave it out.")
    }
}
