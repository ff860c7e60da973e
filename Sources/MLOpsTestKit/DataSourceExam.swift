internal import MLOpsCore
public import MLOpsData

/// The exam of ``DataSource``: reads a source several times and compares.
public struct DataSourceExam<Record: Sendable & Equatable>: Sendable {
    private let source: any DataSource<Record>
    private let missing: (any DataSource<Record>)?

    /// Makes an exam of a source of at least 3 records, and of one whose folder, file or server is not there.
    public init(of source: any DataSource<Record>, missing: (any DataSource<Record>)? = nil) {
        self.source = source
        self.missing = missing
    }

    /// Runs the exam; throws an ``ExamFailure`` for the first promise that is not kept.
    public func run() async throws {
        let all = try await read(source, from: .start)
        try require(all.count >= 3, "the exam needs a source of at least 3 records; this one has \(all.count)")
        let again = try await read(source, from: .start)
        try requireSame(again, as: all[...], "two readings give the same records in the same order")
        for (i, sourced) in all.enumerated() {
            try require(
                sourced.next == SourcePosition(offset: i + 1),
                "the position after record \(i) is \(i + 1), not \(sourced.next.offset)")
        }
        for start in [1, all.count / 2, all.count - 1, all.count] {
            let rest = try await read(source, from: SourcePosition(offset: start))
            try requireSame(rest, as: all.dropFirst(start), "reading from \(start) gives the records from there on")
            try require(
                rest.map(\.next) == all.dropFirst(start).map(\.next), "positions do not depend on where reading began")
        }
        let beyond = try await read(source, from: SourcePosition(offset: all.count + 7))
        try require(beyond.isEmpty, "reading from beyond the end gives nothing")
        for try await record in source.records(from: .start) {
            try require(record.record == all.first?.record, "a reading that stops early gives the first record too")
            break
        }
        async let first = read(source, from: .start)
        async let second = read(source, from: .start)
        for reading in try await [first, second] {
            try requireSame(
                reading, as: all[...],
                "two readings at once, after one that stopped early, do not disturb each other")
        }
        try requireNamed(all.compactMap { $0.record as? RawRecord })
        if let missing {
            do {
                _ = try await read(missing, from: .start)
            } catch let error as MLOpsError where [.notFound, .unavailable].contains(error.code) {
                return
            } catch {
                throw ExamFailure("a source that is not there throws notFound or unavailable; it threw \(error)")
            }
            throw ExamFailure("a source that is not there throws notFound or unavailable; it threw nothing")
        }
    }

    /// Requires that a reading gave the expected records, and names the first that differs.
    private func requireSame(
        _ given: [SourcedRecord<Record>], as expected: ArraySlice<SourcedRecord<Record>>, _ promise: String
    ) throws {
        try require(
            given.count == expected.count, "\(promise); it gave \(given.count) records, not \(expected.count)")
        for (index, a) in zip(expected.indices, given) where a.record != expected[index].record {
            let (was, should) = (Self.summary(of: a.record), Self.summary(of: expected[index].record))
            let difference = was == should ? "was another \(was)" : "was \(was), not \(should)"
            throw ExamFailure("\(promise); record \(index) \(difference)")
        }
    }

    /// A few words on a record: of raw ones the label and the number of bytes, or why there are none.
    private static func summary(of record: Record) -> String {
        guard let raw = record as? RawRecord else { return "\(String(describing: record).prefix(200))" }
        let content = raw.readFailure.map { "which could not be read (\($0))" } ?? "of \(raw.bytes.count) bytes"
        return "'\(raw.id)' \(raw.label.map { "labeled '\($0)' " } ?? "")\(content)"
    }

    /// Checks what holds for raw records, good and bad.
    private func requireNamed(_ records: [RawRecord]) throws {
        for record in records {
            try require(
                record.readFailure == nil || record.bytes.isEmpty,
                "a record that could not be read has no bytes; '\(record.id)' has \(record.bytes.count)")
            try require(
                record.readFailure != "", "a record that could not be read says why; '\(record.id)' does not")
            try require(
                record.readFailure != nil || !record.id.isEmpty, "a record that could be read has an id")
        }
        let ids = records.lazy.filter { $0.readFailure == nil }.map(\.id)
        try require(Set(ids).count == ids.count, "no two records that could be read have the same id")
    }

    private func read(
        _ source: any DataSource<Record>, from position: SourcePosition
    ) async throws -> [SourcedRecord<Record>] {
        var records: [SourcedRecord<Record>] = []
        for try await record in source.records(from: position) { records.append(record) }
        return records
    }
}
