import Foundation
import GRDB
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Sources of SQLite tables") struct SQLiteSourceTests {
    private func makeDatabase(in root: URL, rows: Int = 150) throws -> (URL, DatabaseQueue) {
        let url = root.appending(path: "records.sqlite")
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let database = try DatabaseQueue(path: url.path, configuration: configuration)
        try database.write { database in
            try database.execute(
                sql: "CREATE TABLE photo (id INTEGER PRIMARY KEY, bytes BLOB, label TEXT, camera REAL)")
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

    @Test("A table that is written during the reading gives the rows of its beginning") func isOneSnapshot()
        async throws
    {
        try await withTemporaryFolder { root in
            let (url, database) = try makeDatabase(in: root)
            try await database.writeWithoutTransaction { _ = try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
            let source = SQLiteSource(at: url, table: "photo")
            let before = try await read(source)
            var during: [RawRecord] = []
            for try await sourced in source.records(from: .start) {
                during.append(sourced.record)
                guard during.count == 1 else { continue }
                try await database.write { database in
                    try database.execute(sql: "DELETE FROM photo WHERE id > 250")
                    try database.execute(sql: "UPDATE photo SET label = 'dog'")
                    try database.execute(sql: "INSERT INTO photo VALUES (2, x'00', 'new', 1), (999, x'00', 'new', 1)")
                }
            }
            #expect(during == before)
            #expect(try await read(source).filter { $0.label == "new" }.count == 2)
        }
    }

    @Test("Rows without an id, with broken UTF-8 or another content are refused, none is lost") func badRows()
        async throws
    {
        try await withTemporaryFolder { root in
            let (url, database) = try makeDatabase(in: root, rows: 0)
            try await database.write { database in
                try database.execute(sql: "CREATE TABLE odd (id, bytes, label)")
                for _ in 0..<70 { try database.execute(sql: "INSERT INTO odd VALUES (NULL, x'01', 'a')") }
                try database.execute(sql: "INSERT INTO odd VALUES (7, x'01', CAST(x'C328' AS TEXT)), (7, x'02', 'a')")
                try database.execute(sql: "INSERT INTO odd VALUES ('x', 'text', 'a'), ('y', 12, 'a'), ('z', NULL, 'a')")
                try database.execute(sql: "INSERT INTO odd VALUES ('two' || char(10), x'03', 'a'), ('é', x'04', x'05')")
            }
            let records = try await read(SQLiteSource(at: url, table: "odd"))
            #expect(records.count == 77 && records.prefix(70).allSatisfy { isRefused($0, "no id") })
            #expect(isRefused(records[70], "'label' has broken UTF-8") && records[71].bytes == Data([2]))
            #expect(isRefused(records[72], "U+000A") && records[73].readFailure?.contains("text") == true)
            #expect(isRefused(records[74], "integer") && isRefused(records[75], "null"))
            #expect(records[76] == RawRecord(id: "é", bytes: Data([4])))
        }
    }

    @Test("A database of UTF-16 gives the same texts") func utf16() async throws {
        try await withTemporaryFolder { root in
            let url = root.appending(path: "wide.sqlite")
            try await DatabaseQueue(path: url.path).write { database in
                try database.execute(sql: "PRAGMA encoding = 'UTF-16'")
                try database.execute(sql: "CREATE TABLE t (id TEXT, bytes BLOB, label TEXT)")
                try database.execute(sql: "INSERT INTO t VALUES ('é', x'01', 'ü')")
            }
            #expect(
                try await read(SQLiteSource(at: url, table: "t")) == [RawRecord(id: "é", bytes: Data([1]), label: "ü")])
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
