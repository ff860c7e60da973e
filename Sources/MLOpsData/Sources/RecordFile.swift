internal import Foundation
internal import MLOpsCore

/// A file that holds one record's bytes.
enum RecordFile {
    /// The record of a file; one that can't be read, or is above the limit, has a `readFailure` and no bytes.
    static func record(
        id: String, at url: URL, label: String?, attributes: [String: String] = [:], maxBytes: Int
    ) -> RawRecord {
        var record = RawRecord(id: id, bytes: Data(), label: label, attributes: attributes)
        do {
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            let bytes = try handle.read(upToCount: maxBytes + 1) ?? Data()
            if bytes.count > maxBytes {
                record.readFailure = "The file has more than \(maxBytes) bytes."
            } else {
                record.bytes = bytes
            }
        } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
            record.readFailure = "There is no file \(url.path)."
        } catch {
            record.readFailure = "The file can't be read: \(error.localizedDescription)"
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
