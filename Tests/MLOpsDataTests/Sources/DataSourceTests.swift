import Foundation
import GRDB
import MLOpsCore
import MLOpsData
import MLOpsTestKit
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

@Suite("Sources in memory and in folders") struct FolderSourceTests {
    private func write(_ files: [String: String], below root: URL) throws {
        for (path, text) in files {
            let url = root.appending(path: path)
            try DurableFile.makeFolder(url.deletingLastPathComponent())
            try Data(text.utf8).write(to: url)
        }
    }

    @Test("A source in memory passes the exam") func inMemory() async throws {
        try await DataSourceExam(of: InMemorySource(Array(0..<10))).run()
    }

    @Test("A folder gives its files by path, with their class, and passes the exam") func folder() async throws {
        try await withTemporaryFolder { root in
            try write(
                [
                    "dog/2.jpg": "d2", "dog/10.jpg": "d10", "cat/é.jpg": "c", "cat/deep/a.jpg": "ca", "cat/.hidden": "h",
                    ".git/config": "g", "README": "r", "cat/Z.jpg": "",
                ], below: root)
            let source = ImageFolderSource(at: root)
            let records = try await read(source)
            #expect(records.map(\.id) == ["cat/Z.jpg", "cat/deep/a.jpg", "cat/é.jpg", "dog/10.jpg", "dog/2.jpg"])
            #expect(records.map(\.label) == ["cat", "cat", "cat", "dog", "dog"])
            #expect(records.map { String(decoding: $0.bytes, as: UTF8.self) } == ["", "ca", "c", "d10", "d2"])
            try await DataSourceExam(of: source, missing: ImageFolderSource(at: root.appending(path: "none"))).run()
            #expect(try await read(ImageFolderSource(at: root, maxBytes: 2)).map { $0.readFailure != nil }
                == [false, false, false, true, false])
        }
    }

    @Test("An empty folder, and one without class folders, say so") func emptyFolder() async throws {
        try await withTemporaryFolder { root in
            #expect(await errorCode(ImageFolderSource(at: root)) == .insufficientData)
            try write(["a.jpg": "x"], below: root)
            #expect(await errorCode(ImageFolderSource(at: root)) == .insufficientData)
        }
    }
}

@Suite("Sources of CSV files") struct CSVSourceTests {
    @Test("Quotes, line ends and a byte order mark are read as RFC 4180 says") func readsRows() async throws {
        try await withTemporaryFolder { root in
            let url = root.appending(path: "rows.csv")
            let text = "\u{FEFF}a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\n,\n\"\",é"
            try Data(text.utf8).write(to: url)
            let rows = Array(try CSVReader(at: url))
            #expect(rows == [["a", "b"], ["1", "x, \"y\"\r\nz"], [""], ["", ""], ["", "é"]])
            for bad in ["a\"b", "\"a\"b", "\"never closed", "\"a\"\""] {
                try Data(bad.utf8).write(to: url)
                var reader = try CSVReader(at: url)
                while reader.next() != nil {}
                #expect((reader.failure as? MLOpsError)?.code == .corruptData, "\(bad)")
            }
        }
    }

    @Test("A row gives the file that it names, its label and its attributes") func readsFiles() async throws {
        try await withTemporaryFolder { root in
            try Data("one".utf8).write(to: root.appending(path: "1.jpg"))
            let url = root.appending(path: "index.csv")
            let rows = "camera,path,label\r\na,1.jpg,cat\r\n\"b,c\",2.jpg,\r\nc,../1.jpg,dog\r\nd,/etc/passwd,dog\r\nd,dog\r\n"
            try Data(rows.utf8).write(to: url)
            let records = try await read(CSVSource(at: url))
            #expect(records.map(\.id) == ["1.jpg", "2.jpg", "row-3", "row-4", "row-5"])
            #expect(records[0].bytes == Data("one".utf8) && records[0].readFailure == nil)
            #expect(records[0].attributes == ["camera": "a"] && records[1].attributes == ["camera": "b,c"])
            #expect(records.map(\.label) == ["cat", nil, "dog", "dog", nil])
            #expect(records.dropFirst().allSatisfy { $0.readFailure != nil && $0.bytes.isEmpty })
            try await DataSourceExam(of: CSVSource(at: url), missing: CSVSource(at: root.appending(path: "no"))).run()
            let plain = try await read(CSVSource(at: url, pathColumn: nil, attributeColumns: ["camera"]))
            #expect(String(decoding: plain[1].bytes, as: UTF8.self) == #"{"camera":"b,c"}"#)
        }
    }

    @Test("A missing column is named, with the columns found") func namesMissingColumn() async throws {
        try await withTemporaryFolder { root in
            let url = root.appending(path: "index.csv")
            try Data("file,class\nx,y\n".utf8).write(to: url)
            let error = await #expect(throws: MLOpsError.self) { _ = try await read(CSVSource(at: url)) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("'path'") == true && error?.help.contains("file, class") == true)
            try Data().write(to: url)
            #expect(await errorCode(CSVSource(at: url)) == .insufficientData)
        }
    }
}

@Suite("Sources of SQLite tables") struct SQLiteSourceTests {
    private func makeDatabase(in root: URL, rows: Int = 150) throws -> (URL, DatabaseQueue) {
        let url = root.appending(path: "records.sqlite")
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let database = try DatabaseQueue(path: url.path, configuration: configuration)
        try database.write { database in
            try database.execute(sql: "CREATE TABLE photo (id INTEGER PRIMARY KEY, bytes BLOB, label TEXT, camera REAL)")
            for i in 0..<rows {
                try database.execute(
                    sql: "INSERT INTO photo VALUES (?, ?, ?, ?)",
                    arguments: [i * 2 + 1, Data(repeating: UInt8(i % 256), count: i), i % 2 == 0 ? "cat" : nil, 0.5])
            }
        }
        return (url, database)
    }

    @Test("Rows come in the order of their ids, in pages, and pass the exam") func readsRows() async throws {
        try await withTemporaryFolder { root in
            let (url, _) = try makeDatabase(in: root)
            let source = SQLiteSource(at: url, table: "photo", attributeColumns: ["camera"])
            let records = try await read(source)
            #expect(records.map(\.id) == (0..<150).map { "\($0 * 2 + 1)" })
            #expect(records[2] == RawRecord(id: "5", bytes: Data([2, 2]), label: "cat", attributes: ["camera": "0.5"]))
            #expect(records[3].label == nil)
            try await DataSourceExam(
                of: source, missing: SQLiteSource(at: root.appending(path: "none"), table: "photo")
            ).run()
            let query = "SELECT * FROM photo WHERE label IS NOT NULL"
            #expect(try await read(SQLiteSource(at: url, table: query)).count == 75)
            let limited = try await read(SQLiteSource(at: url, table: "photo", maxBytes: 100))
            #expect(limited.filter { $0.readFailure != nil }.count == 49)
        }
    }

    @Test("A missing table or column, and a file of another kind, are told apart") func refusesOthers() async throws {
        try await withTemporaryFolder { root in
            let (url, _) = try makeDatabase(in: root, rows: 3)
            #expect(await errorCode(SQLiteSource(at: url, table: "picture")) == .invalidArgument)
            #expect(await errorCode(SQLiteSource(at: url, table: "photo", labelColumn: "class")) == .invalidArgument)
            let other = root.appending(path: "other")
            try Data(repeating: 65, count: 5000).write(to: other)
            #expect(await errorCode(SQLiteSource(at: other, table: "photo")) == .corruptData)
        }
    }

    @Test("A locked database is unavailable") func reportsLock() async throws {
        try await withTemporaryFolder { root in
            let (url, database) = try makeDatabase(in: root, rows: 3)
            try await database.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
            #expect(await errorCode(SQLiteSource(at: url, table: "photo")) == .unavailable)
            try await database.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect(try await read(SQLiteSource(at: url, table: "photo")).count == 3)
        }
    }
}
