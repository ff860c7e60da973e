internal import Foundation
internal import MLOpsCore

/// A file that holds one record's bytes.
enum RecordFile {
    /// The record of a file; one that can't be read, or is above the limit, has a `readFailure` and no bytes.
    static func record(
        id: String, at path: String, label: String?, attributes: [String: String] = [:], maxBytes: Int
    ) -> RawRecord {
        var record = RawRecord(id: id, bytes: Data(), label: label, attributes: attributes)
        do {
            let file = try OpenFile(path)
            guard let count = file.count else {
                record.readFailure = "\(path) is no regular file."
                return record
            }
            guard count <= maxBytes else {
                record.readFailure = "The file has \(count) bytes; the limit is \(maxBytes)."
                return record
            }
            record.bytes = file.bytes(from: 0, count: count)
            if record.bytes.count < count { record.readFailure = "The file can't be read to its end." }
        } catch let error as MLOpsError { record.readFailure = error.message } catch {
            record.readFailure = "The file can't be read: \(error)"
        }
        return record
    }
}

/// A sequence that makes a fresh iterator from a closure; its records come one at a time, as they are asked for.
struct RecordSequence<Iterator: AsyncIteratorProtocol>: AsyncSequence, Sendable
where Iterator.Element == SourcedRecord<RawRecord>, Iterator.Failure == any Error {
    let make: @Sendable () -> Iterator
    func makeAsyncIterator() -> Iterator { make() }
}
