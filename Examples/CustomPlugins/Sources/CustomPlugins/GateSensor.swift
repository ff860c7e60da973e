import MLOpsData

/// A count of passers-by at the park's gate in one hour, and whether the hour was busy.
struct GateReading: Sendable, Hashable {
    var count: Double
    var isBusy: Bool
}

/// A `DataSource`: the readings of the gate's sensor, made as they are asked for.
struct GateSensor: DataSource {
    var hours: Int

    func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<GateReading>, any Error> & Sendable {
        Readings(first: position.offset, hours: hours)
    }

    struct Readings: AsyncSequence, AsyncIteratorProtocol, Sendable {
        var first: Int
        var hours: Int

        func makeAsyncIterator() -> Readings { self }

        mutating func next() async throws -> SourcedRecord<GateReading>? {
            guard first < hours else { return nil }
            defer { first += 1 }
            let count = first * 37 % 100
            let reading = GateReading(count: Double(count), isBusy: count >= 60)
            return SourcedRecord(reading, next: SourcePosition(offset: first + 1))
        }
    }
}
