/// A ``DataSource`` of records in memory.
public struct InMemorySource<Record: Sendable>: DataSource {
    private let records: [Record]

    /// Makes a source of the given records.
    public init(_ records: [Record]) { self.records = records }

    /// Streams the records from `position` on.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<Record>, any Error> & Sendable {
        Records(records: records, start: position.offset)
    }

    private struct Records: AsyncSequence, Sendable {
        let records: [Record]
        let start: Int

        func makeAsyncIterator() -> Iterator { Iterator(records: records, offset: start) }

        struct Iterator: AsyncIteratorProtocol {
            let records: [Record]
            var offset: Int

            mutating func next() async throws -> SourcedRecord<Record>? {
                guard offset < records.count else { return nil }
                offset += 1
                return SourcedRecord(records[offset - 1], next: SourcePosition(offset: offset))
            }
        }
    }
}
