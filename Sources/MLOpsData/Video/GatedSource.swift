internal import Synchronization

/// A ``DataSource`` that passes on only the frames that a ``FrameGate`` keeps.
///
/// A position counts the frames that are kept; to find it again, the source below is read from its start. Those of a
/// camera, which can't be read again, stay as they are, and its first frame in each reading is kept.
public struct GatedSource<Source: DataSource<RawRecord>>: DataSource {
    private let source: Source
    private let gate: FrameGate
    private let counter = Counter()

    /// Makes a source of the frames of `source` that the gate keeps.
    public init(_ source: Source, gate: FrameGate) {
        self.source = source
        self.gate = gate
    }

    /// What has come so far, over all readings of this value.
    public var statistics: FrameGate.Statistics { counter.counts.withLock { $0 } }

    /// Streams the frames that the gate keeps, from `position` on; throws as the source below.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        guard isRepeatable else { return kept(from: position) }
        return RenumberedRecords(records: kept(from: .start), start: position.offset)
    }

    /// Whether the source below can be read again.
    public var isRepeatable: Bool { source.isRepeatable }

    private func kept(from position: SourcePosition) -> RecordSequence<Iterator> {
        RecordSequence { [source, gate, counter] in
            Iterator(
                records: source.records(from: position).makeAsyncIterator(), selection: FrameSelection(gate),
                counter: counter)
        }
    }

    private final class Counter: Sendable {
        let counts = Mutex(FrameGate.Statistics())
    }

    private struct Iterator: AsyncIteratorProtocol {
        var records: any AsyncIteratorProtocol<SourcedRecord<RawRecord>, any Error>
        var selection: FrameSelection
        let counter: Counter

        mutating func next() async throws -> SourcedRecord<RawRecord>? {
            while let sourced = try await records.next(isolation: nil) {
                let count = selection.judge(sourced.record)
                counter.counts.withLock { $0[keyPath: count] += 1 }
                if count == \.kept { return sourced }
            }
            return nil
        }
    }
}

extension DataSource<RawRecord> {
    /// The frames of this source that a gate keeps.
    public func gated(by gate: FrameGate) -> GatedSource<Self> { GatedSource(self, gate: gate) }
}
