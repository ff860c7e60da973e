import MLOpsData

/// A count of passers-by at the park's gate in one hour, and whether the hour was busy.
struct GateReading: Sendable, Hashable {
    var count: Double
    var isBusy: Bool
}

/// A `DataSource`: the readings of the gate's sensor.
struct GateSensor: DataSource {
    var hours: Int

    func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<GateReading>, any Error> & Sendable {
        AsyncThrowingStream { continuation in
            for hour in position.offset..<max(position.offset, hours) {
                let reading = GateReading(count: Double(hour * 37 % 100), isBusy: hour * 37 % 100 >= 60)
                continuation.yield(SourcedRecord(reading, next: SourcePosition(offset: hour + 1)))
            }
            continuation.finish()
        }
    }
}
