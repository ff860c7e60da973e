import Foundation
import MLOpsCore
import MLOpsTestKit
import Testing

@Suite("PredictionLog")
struct PredictionLogTests {
    private func record(_ id: String) -> PredictionRecord {
        PredictionRecord(
            id: id, at: Date(timeIntervalSince1970: 1_700_000_000), deployment: "d", package: Digest(of: [1 as UInt8]),
            label: nil, input: Digest(of: [2 as UInt8]), latency: 0)
    }

    private func ids(_ log: some PredictionLog) async throws -> [String] {
        try await log.predictions(from: .distantPast, to: .distantFuture).map(\.prediction.id)
    }

    /// The ids in a log that is let go of at the end.
    private func ids(at url: URL) async throws -> [String] {
        let log = try FilePredictionLog(at: url)
        return try await ids(log)
    }

    /// Appends to a log that is let go of at the end, so that it can be opened again.
    private func fill(_ url: URL, _ ids: [String]) async throws {
        try await FilePredictionLog(at: url).append(ids.map(record))
    }

    @Test("a log that is open can't be opened again")
    func isExclusive() async throws {
        try await withScratchFolder { folder in
            let log = try FilePredictionLog(at: folder.appendingPathComponent("log.jsonl"))
            await expectError(.unavailable) {
                _ = try FilePredictionLog(at: folder.appendingPathComponent("log.jsonl"))
            }
            try await log.append([record("a")])
        }
    }

    @Test("a file that is no log stays as it is, and a whole last record without an end of line is one")
    func leavesOtherFilesAlone() async throws {
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("log.jsonl")
            let foreign = Data(#"{"images":[]}"#.utf8)
            try foreign.write(to: url)
            await expectError(.corruptData) { _ = try FilePredictionLog(at: url) }
            await expectError(.corruptData) { _ = try FilePredictionLog(reading: url) }
            #expect(try Data(contentsOf: url) == foreign)

            try FileManager.default.removeItem(at: url)
            try await fill(url, ["a", "b"])
            let unended = try Data(contentsOf: url).dropLast()
            try unended.write(to: url)
            #expect(try await ids(FilePredictionLog(reading: url)) == ["a", "b"])
            #expect(try Data(contentsOf: url) == unended)
            try await fill(url, ["c"])
            #expect(try await ids(at: url) == ["a", "b", "c"])

            // Read while another writes it, torn where it is just now.
            let writer = try FilePredictionLog(at: url)
            #expect(try await ids(FilePredictionLog(reading: url)) == ["a", "b", "c"])
            await expectError(.storage) { try await FilePredictionLog(reading: url).append([record("d")]) }
            try await writer.append([record("e")])
        }
    }

    @Test("the log in memory keeps its promises")
    func inMemoryPassesTheExam() async throws {
        try await PredictionLogExam(isDurable: false) { InMemoryPredictionLog() }.run()
    }

    @Test("the log in a file keeps its promises")
    func filePassesTheExam() async throws {
        try await withScratchFolder { folder in
            try await PredictionLogExam { try FilePredictionLog(at: folder.appendingPathComponent("a/log.jsonl")) }
                .run()
        }
    }

    @Test("a line torn at any byte is left out, and the log goes on after it")
    func survivesTornLines() async throws {
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("log.jsonl")
            try await fill(url, ["a", "b"])
            let whole = try Data(contentsOf: url)
            let second = try #require(whole.firstIndex(of: 10)) + 1
            for length in stride(from: second, to: whole.count, by: 7) {
                try whole.prefix(length).write(to: url)
                #expect(try await ids(at: url) == ["a"])
                try await fill(url, ["c"])
                #expect(try await ids(at: url) == ["a", "c"])
            }
        }
    }

    @Test("a whole line that is no record throws corruptData and changes nothing")
    func refusesDamagedLines() async throws {
        try await withScratchFolder { folder in
            let url = folder.appendingPathComponent("log.jsonl")
            try await FilePredictionLog(at: url).append([record("a")])
            var bytes = try Data(contentsOf: url)
            bytes.insert(contentsOf: Data("{\"label\":3}\n".utf8), at: 0)
            try bytes.write(to: url)
            await expectError(.corruptData) { _ = try FilePredictionLog(at: url) }
            #expect(try Data(contentsOf: url) == bytes)
        }
    }
}
