/// A ``DataSource`` that passes on only the records that a condition holds for.
///
/// A position counts the records that are passed on; to find it again, the source below is read from its start. Those of
/// a source that can't be read again, such as a camera, stay as they are.
public struct FilteredSource<Source: DataSource>: DataSource {
    private let source: Source
    private let condition: @Sendable (Source.Record) -> Bool

    /// Makes a source of the records of `source` for which `condition` holds.
    public init(_ source: Source, where condition: @escaping @Sendable (Source.Record) -> Bool) {
        self.source = source
        self.condition = condition
    }

    /// Streams the records for which the condition holds, from `position` on.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<Source.Record>, any Error> & Sendable {
        guard source.isRepeatable else { return Self.filter(source.records(from: position), condition) }
        return RenumberedRecords(
            records: Self.filter(source.records(from: .start), condition), start: position.offset)
    }

    /// Whether the source below can be read again.
    public var isRepeatable: Bool { source.isRepeatable }

    private static func filter(
        _ records: some AsyncSequence<SourcedRecord<Source.Record>, any Error> & Sendable,
        _ condition: @escaping @Sendable (Source.Record) -> Bool
    ) -> any AsyncSequence<SourcedRecord<Source.Record>, any Error> & Sendable {
        records.filter { condition($0.record) }
    }
}

extension DataSource {
    /// The records of this source for which a condition holds.
    public func filtered(_ condition: @escaping @Sendable (Record) -> Bool) -> FilteredSource<Self> {
        FilteredSource(self, where: condition)
    }
}
