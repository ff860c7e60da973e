internal import Foundation
internal import MLOpsCore
internal import NIOHTTP1

extension S3Bucket {
    /// The least bytes of a part that is not the last. Source: Amazon S3 User Guide, "Multipart upload limits".
    static let smallestPart = 5 << 20
    /// The most parts of an object.
    private static let mostParts = 10_000
    /// How many parts are under way at once.
    private static let partsAtOnce = 4

    /// Stores an object in parts; it appears when all of them have come.
    ///
    /// - Parameter part: the bytes of a range.
    func putParts(
        at key: String, count: Int, partBytes: Int, _ part: @escaping @Sendable (Range<Int>) throws -> Data
    ) async throws {
        let size = max(partBytes, Self.smallestPart, (count + Self.mostParts - 1) / Self.mostParts)
        let begun = try await reply(to: Request(method: .POST, key: key, query: [("uploads", "")]))
        guard let upload = try S3Document(begun.body)["UploadId"], !upload.isEmpty else {
            throw MLOpsError(
                .corruptData, "s3://\(name)/\(key): the store began an upload without naming it.",
                help: "Check that the endpoint is that of an S3-compatible store.")
        }
        do {
            let tags = try await parts(of: key, upload, count: count, size: size, part)
            try await complete(key, upload, tags)
        } catch {
            // What came of the parts is paid for until it is given up, also when this task was cancelled, which a task
            // of its own does not notice; the error that led here matters more.
            await Task { _ = try? await reply(to: Request(method: .DELETE, key: key, query: [("uploadId", upload)])) }
                .value
            throw error
        }
    }

    /// Sends the parts; returns their tags in order.
    private func parts(
        of key: String, _ upload: String, count: Int, size: Int, _ part: @escaping @Sendable (Range<Int>) throws -> Data
    ) async throws -> [String] {
        let starts = Array(stride(from: 0, to: count, by: size))
        return try await withThrowingTaskGroup(of: (Int, String).self) { group in
            func send(_ index: Int) {
                group.addTask {
                    let request = Request(
                        method: .PUT, key: key, query: [("partNumber", "\(index + 1)"), ("uploadId", upload)],
                        body: try part(starts[index]..<min(starts[index] + size, count)))
                    return (index, try await reply(to: request).headers.first(name: "etag") ?? "")
                }
            }
            var tags = [String](repeating: "", count: starts.count)
            var next = min(Self.partsAtOnce, starts.count)
            for index in 0..<next { send(index) }
            while let (index, tag) = try await group.next() {
                tags[index] = tag
                if next < starts.count { send(next) }
                next += 1
            }
            return tags
        }
    }

    private func complete(_ key: String, _ upload: String, _ tags: [String]) async throws {
        let list = tags.enumerated().map { index, tag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(Self.escaped(tag))</ETag></Part>"
        }
        let body = Data("<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>".utf8)
        let document = try S3Document(
            try await reply(to: Request(method: .POST, key: key, query: [("uploadId", upload)], body: body)).body)
        // The answer begins before the work is done, so a failure comes with the status of success.
        guard document.name == "CompleteMultipartUploadResult" else {
            throw MLOpsError(
                .unavailable,
                "s3://\(name)/\(key): the upload was not completed: \(document["Code"] ?? document.name).",
                help: "Store it again.")
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    }
}
