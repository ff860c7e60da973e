internal import Foundation
internal import MLOpsCore
public import MLOpsData

/// A ``DataSource`` of the objects of a bucket whose keys begin with a prefix, in the order of their keys.
///
/// The id of a record is its key without the prefix; markers of folders, which end with a slash and are empty, are
/// passed over. Several objects are fetched at once and handed on in order, each as the listing saw it: one that is
/// replaced meanwhile, is above the limit or is refused is a record with a read failure. When the store fails for three
/// in a row, try after try, the sequence throws before the first of them, and the next run goes on there. Memory holds a
/// page of keys, and `concurrency` objects of at most `maxBytes`.
public struct S3Source: DataSource {
    /// Where labels come from.
    public enum Label: Sendable, Hashable {
        /// The first folder below the prefix, as in `PREFIX/cat/1.jpg`.
        case folder
        /// Records have none.
        case none
    }

    /// The bucket.
    public let bucket: S3Bucket
    /// What the keys begin with, such as `photos/`.
    public let prefix: String
    /// Where labels come from.
    public var label: Label
    /// The most bytes that an object may have.
    public var maxBytes: Int
    /// How many objects are fetched at once.
    public var concurrency: Int
    /// How many keys are asked for at once, at most 1000.
    public var pageSize: Int

    /// Makes a source, which is read when records are asked for.
    public init(
        _ bucket: S3Bucket, prefix: String = "", label: Label = .folder, maxBytes: Int = 64 << 20, concurrency: Int = 8,
        pageSize: Int = 1000
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.label = label
        self.maxBytes = maxBytes
        self.concurrency = concurrency
        self.pageSize = pageSize
    }

    /// Streams the records from `position` on.
    ///
    /// The sequence throws ``MLOpsError``: `notFound` when there is no such bucket, `external` when the store refuses to
    /// list it, `unavailable` when it can't be reached or fails again and again.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        RemoteRecords(
            listing: S3SourceListing(source: self), start: position.offset, concurrency: concurrency, failuresInARow: 3)
    }
}

/// The objects of an ``S3Source``, a page of keys at a time.
private struct S3SourceListing: RemoteListing {
    let source: S3Source
    private var continuation: String?
    private var isAtEnd = false

    init(source: S3Source) { self.source = source }

    mutating func next() async throws -> [RemoteObject] {
        while !isAtEnd {
            let page = try await source.bucket.page(
                prefix: source.prefix, pageSize: source.pageSize, after: continuation)
            continuation = page.continuation
            isAtEnd = continuation == nil
            let objects = page.objects.filter { !($0.key.hasSuffix("/") && $0.size == 0) }.map(object)
            if !objects.isEmpty { return objects }
        }
        return []
    }

    private func object(_ found: S3Object) -> RemoteObject {
        // By bytes: a prefix may end within what reads as one character.
        let id = String(decoding: found.key.utf8.dropFirst(source.prefix.utf8.count), as: UTF8.self)
        let parts = id.split(separator: "/")
        let label = source.label == .folder && parts.count > 1 ? parts.first.map(String.init) : nil
        guard found.size <= source.maxBytes else {
            return .refused(id, "The object has \(found.size) bytes; the limit is \(source.maxBytes).")
        }
        if let fault = RawRecord.fault(inID: id) { return .refused(id, fault) }
        return RemoteObject(id: id, label: label) { [source] in
            try await source.bucket.object(
                found.key, tag: found.tag.isEmpty ? nil : found.tag, maxBytes: source.maxBytes)
        }
    }
}
