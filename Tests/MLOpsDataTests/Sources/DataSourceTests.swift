import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Synchronization
import Testing

/// All records of a source.
func read(_ source: any DataSource<RawRecord>) async throws -> [RawRecord] {
    var records: [RawRecord] = []
    for try await sourced in source.records(from: .start) { records.append(sourced.record) }
    return records
}

/// Requires that reading the source throws, and gives the error's code.
func errorCode(_ source: any DataSource<RawRecord>) async -> MLOpsError.Code? {
    await #expect(throws: MLOpsError.self) { _ = try await read(source) }?.code
}

/// Whether a record was refused with these words.
func isRefused(_ record: RawRecord?, _ words: String) -> Bool {
    record?.bytes.isEmpty == true && record?.readFailure?.contains(words) == true
}

@Suite("Sources in memory") struct InMemorySourceTests {
    @Test("A source in memory passes the exam") func inMemory() async throws {
        try await DataSourceExam(of: InMemorySource(Array(0..<10))).run()
        let records = (0..<4).map { RawRecord(id: "\($0)", bytes: Data([UInt8($0)])) }
        try await DataSourceExam(of: InMemorySource(records)).run()
    }

    @Test("A filtered source passes the exam")
    func filtered() async throws {
        let records = (0..<40).map { RawRecord(id: "\($0)", bytes: Data([UInt8($0)]), label: $0 < 20 ? "a" : "b") }
        let source = InMemorySource(records).filtered { $0.bytes[0] % 3 == 0 }
        try await DataSourceExam(of: source).run()
        #expect(try await read(source).map(\.id) == stride(from: 0, to: 40, by: 3).map { "\($0)" })
    }

    @Test("The exam finds a source with two records of one id, and one with bytes it says it could not read")
    func examFinds() async throws {
        var records = (0..<4).map { RawRecord(id: "\($0 / 2)", bytes: Data([1])) }
        await #expect(throws: ExamFailure.self) { try await DataSourceExam(of: InMemorySource(records)).run() }
        records = (0..<4).map { RawRecord(id: "\($0)", bytes: Data([1]), readFailure: "broken") }
        await #expect(throws: ExamFailure.self) { try await DataSourceExam(of: InMemorySource(records)).run() }
    }

    @Test("The exam tells which record a source gave another time, and why")
    func examTells() async throws {
        let source = Forgetful()
        let failure = await #expect(throws: ExamFailure.self) { try await DataSourceExam(of: source).run() }
        let told = "record 2 was '2' which could not be read (gone), not '2' of 1 bytes"
        #expect(failure?.description.hasSuffix(told) == true)
    }
}

/// A source that loses its third record after the first reading.
private final class Forgetful: DataSource {
    private let readings = Mutex(0)

    func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        let isFirst = readings.withLock { count in
            count += 1
            return count == 1
        }
        let records = (0..<4).map { i in
            let isGone = i == 2 && !isFirst
            return RawRecord(id: "\(i)", bytes: Data(isGone ? [] : [1]), readFailure: isGone ? "gone" : nil)
        }
        return InMemorySource(records).records(from: position)
    }
}
