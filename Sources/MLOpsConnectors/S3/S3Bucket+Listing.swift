package import Foundation
internal import MLOpsCore

extension S3Bucket {
    /// A page of a listing.
    struct Page: Sendable {
        var objects: [S3Object]
        /// What asks for the next page; `nil` at the end.
        var continuation: String?
    }

    /// The objects whose keys begin with a prefix, in the order of the UTF-8 bytes of their keys.
    ///
    /// - Parameter pageSize: how many are asked for at once, at most 1000.
    /// - Throws: ``MLOpsError``: `notFound` when there is no such bucket, `corruptData` for an answer that is no listing,
    ///   `external` when the store refuses, `unavailable` when all tries failed.
    public func objects(
        prefix: String = "", pageSize: Int = 1000
    ) -> some AsyncSequence<S3Object, any Error> & Sendable {
        S3ObjectSequence(bucket: self, prefix: prefix, pageSize: pageSize)
    }

    func page(prefix: String, pageSize: Int, after continuation: String?) async throws -> Page {
        var query = [("list-type", "2"), ("encoding-type", "url"), ("max-keys", "\(pageSize)"), ("prefix", prefix)]
        if let continuation { query.append(("continuation-token", continuation)) }
        return try Self.page(
            of: try await reply(to: Request(query: query.map { (name: $0.0, value: $0.1) })).body, after: continuation)
    }

    /// Reads the answer to a listing.
    package static func objects(inListing bytes: Data) throws -> [S3Object] { try page(of: bytes, after: nil).objects }

    private static func page(of bytes: Data, after last: String?) throws -> Page {
        func malformed(_ what: String) -> MLOpsError {
            MLOpsError(
                .corruptData, "The object store's listing has \(what).",
                help: "Check that the endpoint is that of an S3-compatible store.")
        }
        let document = try S3Document(bytes)
        guard document.name == "ListBucketResult" else { throw malformed("the element '\(document.name.prefix(40))'") }
        let isEncoded = document["EncodingType"] == "url"
        let objects = try document.children.filter { $0.name == "Contents" }.map { element in
            guard let key = element["Key"], let size = element["Size"].flatMap({ Int($0) }), size >= 0 else {
                throw malformed("an object without a key or a size")
            }
            // Encoded as in a form: a space is a plus sign.
            let decoded = isEncoded ? key.replacingOccurrences(of: "+", with: " ").removingPercentEncoding : key
            guard let decoded, !decoded.isEmpty else { throw malformed("the key '\(key.prefix(80))'") }
            return S3Object(key: decoded, size: size, tag: element["ETag"] ?? "")
        }
        var page = Page(objects: objects)
        if document["IsTruncated"] == "true" {
            guard let token = document["NextContinuationToken"], !token.isEmpty, token != last else {
                throw malformed("no way to the next page")
            }
            page.continuation = token
        }
        return page
    }
}

/// The objects of a bucket, a page at a time.
struct S3ObjectSequence: AsyncSequence, Sendable {
    typealias Element = S3Object
    typealias Failure = any Error

    let bucket: S3Bucket
    let prefix: String
    let pageSize: Int

    func makeAsyncIterator() -> Iterator { Iterator(sequence: self) }

    struct Iterator: AsyncIteratorProtocol {
        let sequence: S3ObjectSequence
        private var page: ArraySlice<S3Object> = []
        private var continuation: String?
        private var isAtEnd = false

        init(sequence: S3ObjectSequence) { self.sequence = sequence }

        mutating func next() async throws -> S3Object? {
            while page.isEmpty, !isAtEnd {
                let next = try await sequence.bucket.page(
                    prefix: sequence.prefix, pageSize: sequence.pageSize, after: continuation)
                page = next.objects[...]
                continuation = next.continuation
                isAtEnd = continuation == nil
            }
            return page.popFirst()
        }
    }
}
