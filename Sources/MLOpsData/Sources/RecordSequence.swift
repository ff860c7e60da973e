/// A sequence that makes a fresh iterator from a closure; its records come one at a time, as they are asked for.
struct RecordSequence<Iterator: AsyncIteratorProtocol>: AsyncSequence, Sendable
where Iterator.Element == SourcedRecord<RawRecord>, Iterator.Failure == any Error {
    let make: @Sendable () -> Iterator
    func makeAsyncIterator() -> Iterator { make() }
}
