/// Where raw records come from: a folder, a table, a bucket, a camera.
///
/// Promises of a conformer:
/// - Two readings from the same position give the same records in the same order, as long as the source is unchanged.
/// - Each record's ``SourcedRecord/next`` is the position from which reading goes on after it.
/// - Records are read as they are asked for; memory does not grow with the size of the source.
/// - A source that can't be opened makes the sequence throw ``MLOpsError`` with `notFound`, `unavailable` (locked,
///   unreachable), `corruptData` or, for settings that do not fit it, `invalidArgument`; a single bad record does not end
///   the sequence.
public protocol DataSource<Record>: Sendable {
    associatedtype Record: Sendable
    /// Streams records in a stable order, from `position` on, so that ingestion can resume.
    func records(from position: SourcePosition) -> any AsyncSequence<SourcedRecord<Record>, any Error> & Sendable
    /// Whether what was read can be read again; `true` unless said otherwise. A camera's frames can't.
    var isRepeatable: Bool { get }
}

extension DataSource {
    /// What was read can be read again.
    public var isRepeatable: Bool { true }
}

/// A place in a source, as the number of records before it.
public struct SourcePosition: Sendable, Hashable, Codable, Comparable {
    /// The number of records before this place.
    public var offset: Int

    /// The place after `offset` records.
    public init(offset: Int) {
        precondition(offset >= 0, "a source has no position \(offset)")
        self.offset = offset
    }

    /// The beginning of a source.
    public static let start = SourcePosition(offset: 0)

    /// Orders places from the beginning on.
    public static func < (a: SourcePosition, b: SourcePosition) -> Bool { a.offset < b.offset }
}

/// A record with the position after it.
public struct SourcedRecord<Record: Sendable>: Sendable {
    /// The record.
    public var record: Record
    /// The position from which reading goes on after it.
    public var next: SourcePosition

    /// Pairs a record with the position after it.
    public init(_ record: Record, next: SourcePosition) {
        self.record = record
        self.next = next
    }
}
