/// Some of a source's records, with positions that count them alone, from one of them on.
struct RenumberedRecords<Record: Sendable>: AsyncSequence, Sendable {
    typealias Element = SourcedRecord<Record>
    typealias Failure = any Error

    let records: any AsyncSequence<SourcedRecord<Record>, any Error> & Sendable
    /// The number of records to pass over.
    let start: Int

    func makeAsyncIterator() -> Iterator { Iterator(records: records.makeAsyncIterator(), start: start) }

    struct Iterator: AsyncIteratorProtocol {
        var records: any AsyncIteratorProtocol<SourcedRecord<Record>, any Error>
        let start: Int
        private var offset = 0

        init(records: any AsyncIteratorProtocol<SourcedRecord<Record>, any Error>, start: Int) {
            self.records = records
            self.start = start
        }

        mutating func next() async throws -> SourcedRecord<Record>? {
            while let sourced = try await records.next(isolation: nil) {
                offset += 1
                if offset > start { return SourcedRecord(sourced.record, next: SourcePosition(offset: offset)) }
            }
            return nil
        }
    }
}
