import Foundation
import GRDB
import MLOpsData
import Testing

/// How much the peak of this process's memory grows, which only tells something when nothing else runs:
/// `MLOPS_MEMORY=1 swift test … --filter SourceMemoryTests`.
@Suite(
    "Memory of sources", .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["MLOPS_MEMORY"] != nil, "measured alone, by .ci/oracles.d/memory"))
struct SourceMemoryTests {
    /// The peak of resident memory so far, in KiB.
    private func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(line.split(separator: " ").dropLast().last.flatMap { Int($0) })
    }

    /// Reads two sources, one of ten times as many records, and compares what memory they needed.
    private func expectFlat(
        _ name: String, within kibibytes: Int, small: any DataSource<RawRecord>, large: any DataSource<RawRecord>
    ) async throws {
        let start = try peak()
        var few = 0
        for try await sourced in small.records(from: .start) where sourced.record.readFailure == nil { few += 1 }
        let before = try peak()
        var many = 0
        for try await sourced in large.records(from: .start) where sourced.record.readFailure == nil { many += 1 }
        let growth = try peak() - before
        print("\(name): \(few) records took \(before - start) KiB, \(many) took \(growth) KiB more")
        #expect(few == 10_000 && many == 100_000 && growth <= kibibytes)
    }

    /// Writes lines one by one: held all at once, they would be the peak.
    private func write(_ head: String, _ count: Int, to url: URL, line: (Int) -> String) throws {
        try Data(head.utf8).write(to: url)
        let file = try FileHandle(forWritingTo: url)
        defer { try? file.close() }
        try file.seekToEnd()
        for i in 0..<count { try file.write(contentsOf: Data(line(i).utf8)) }
    }

    @Test("CSV") func csv() async throws {
        try await withTemporaryFolder { root in
            func source(_ count: Int) throws -> CSVSource {
                let url = root.appending(path: "\(count).csv")
                try write("name,label,note\n", count, to: url) {
                    "row \($0),\($0 % 7),\"a \"\"text\"\"\nof two lines\"\n"
                }
                return CSVSource(at: url, pathColumn: nil)
            }
            try await expectFlat("CSV", within: 4096, small: source(10_000), large: source(100_000))
        }
    }

    @Test("JSON Lines") func jsonLines() async throws {
        try await withTemporaryFolder { root in
            let text = String(repeating: "t", count: 100)
            func source(_ count: Int) throws -> JSONLinesSource {
                let url = root.appending(path: "\(count).jsonl")
                try write("", count, to: url) { #"{"id":\#($0),"label":"x","text":"\#(text)"}"# + "\n" }
                return JSONLinesSource(at: url)
            }
            try await expectFlat("JSON Lines", within: 4096, small: source(10_000), large: source(100_000))
        }
    }

    @Test("SQLite") func sqlite() async throws {
        try await withTemporaryFolder { root in
            for count in [10_000, 100_000] {
                try await DatabaseQueue(path: root.path + "/\(count).sqlite").write { database in
                    try database.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB, label TEXT)")
                    for i in 0..<count {
                        try database.cachedStatement(sql: "INSERT INTO t VALUES (?, zeroblob(1000), 'x')").execute(
                            arguments: [i])
                    }
                }
            }
            func source(_ count: Int) -> SQLiteSource {
                SQLiteSource(at: root.appending(path: "\(count).sqlite"), table: "t")
            }
            try await expectFlat("SQLite", within: 8192, small: source(10_000), large: source(100_000))
        }
    }

    @Test("Folder: the list of paths alone grows") func folder() async throws {
        try await withTemporaryFolder { root in
            for count in [10_000, 100_000] {
                for folder in 0..<count / 1000 {
                    let path = root.path + "/\(count)/class-\(folder)"
                    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                    for i in 0..<1000 {
                        _ = FileManager.default.createFile(atPath: path + "/picture-\(i).jpg", contents: Data([1]))
                    }
                }
            }
            func source(_ count: Int) -> ImageFolderSource { ImageFolderSource(at: root.appending(path: "\(count)")) }
            try await expectFlat("Folder", within: 40_000, small: source(10_000), large: source(100_000))
        }
    }
}
