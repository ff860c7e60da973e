public import Foundation
internal import MLOpsCore
internal import NIOHTTP1

extension S3Bucket {
    /// The bytes of an object.
    ///
    /// - Parameters:
    ///   - range: which bytes, from 0; `nil` for all.
    ///   - tag: the entity tag that the object must still have; `nil` for any.
    ///   - maxBytes: the most bytes.
    /// - Throws: ``MLOpsError``: `notFound` for an unknown key, `digestMismatch` when the object has another tag,
    ///   `limitExceeded` when it is larger, `external` when the store refuses, `unavailable` when all tries failed.
    public func object(
        _ key: String, range: Range<Int>? = nil, tag: String? = nil, maxBytes: Int = 64 << 20
    ) async throws -> Data {
        if let range, range.isEmpty { return Data() }
        var request = Request(key: key, maxBytes: maxBytes)
        if let range { request.headers.append(("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        if let tag { request.headers.append(("if-match", tag)) }
        return try await reply(to: request).body
    }

    /// The size and tag of an object; `nil` when there is none.
    ///
    /// - Throws: As ``object(_:range:tag:maxBytes:)``.
    public func find(_ key: String) async throws -> S3Object? {
        do {
            let headers = try await reply(to: Request(method: .HEAD, key: key, maxBytes: .max)).headers
            return S3Object(
                key: key, size: headers.first(name: "content-length").flatMap { Int($0) } ?? 0,
                tag: headers.first(name: "etag") ?? "")
        } catch let error as MLOpsError where error.code == .notFound { return nil }
    }

    /// Stores bytes as an object, in one request up to `partBytes`, in parts above.
    ///
    /// An object that was there is replaced; a kill at any instant leaves the old one or the new one.
    /// - Throws: As ``object(_:range:tag:maxBytes:)``.
    public func put(_ bytes: Data, at key: String, partBytes: Int = 16 << 20) async throws {
        guard bytes.count > max(partBytes, Self.smallestPart) else {
            _ = try await reply(to: Request(method: .PUT, key: key, body: bytes))
            return
        }
        try await putParts(at: key, count: bytes.count, partBytes: partBytes) {
            bytes[bytes.startIndex + $0.lowerBound..<bytes.startIndex + $0.upperBound]
        }
    }

    /// Stores a file as an object; memory holds 4 of its parts.
    ///
    /// - Throws: As ``object(_:range:tag:maxBytes:)``; `notFound` when the file can't be read, `corruptData` when it is
    ///   shortened meanwhile.
    public func put(contentsOf file: URL, at key: String, partBytes: Int = 16 << 20) async throws {
        @Sendable func part(_ range: Range<Int>) throws -> Data {
            let handle: FileHandle
            do { handle = try FileHandle(forReadingFrom: file) } catch {
                throw MLOpsError(.notFound, "Can't open \(file.path).", help: "Check the path.", cause: error)
            }
            defer { try? handle.close() }
            try handle.seek(toOffset: UInt64(range.lowerBound))
            let bytes = try handle.read(upToCount: range.count) ?? Data()
            guard bytes.count == range.count else {
                throw MLOpsError(
                    .corruptData, "\(file.path) became shorter while it was read.", help: "Store it when it is whole.")
            }
            return bytes
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        guard let count = (attributes?[.size] as? NSNumber)?.intValue else {
            throw MLOpsError(.notFound, "There is no file \(file.path).", help: "Check the path.")
        }
        guard count > max(partBytes, Self.smallestPart) else { return try await put(part(0..<count), at: key) }
        try await putParts(at: key, count: count, partBytes: partBytes, part)
    }

    /// Erases an object; one that is not there is no error.
    public func erase(_ key: String) async throws {
        _ = try await reply(to: Request(method: .DELETE, key: key))
    }
}
