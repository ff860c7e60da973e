import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Sources of CSV files") struct CSVSourceTests {
    private func rows(_ text: some Sequence<UInt8>, maxRowBytes: Int = 1 << 20) async throws -> [CSVRow] {
        try await withTemporaryFolder { root in
            let url = root.appending(path: "rows.csv")
            try Data(text).write(to: url)
            return Array(try CSVReader(at: url, maxRowBytes: maxRowBytes))
        }
    }

    @Test("Quotes, line ends and a byte order mark are read as RFC 4180 says") func readsRows() async throws {
        let rows = try await rows("\u{FEFF}a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\n,\n\"\",é".utf8)
        #expect(rows.map(\.fields) == [["a", "b"], ["1", "x, \"y\"\r\nz"], [""], ["", ""], ["", "é"]])
        #expect(rows.map(\.line) == [1, 2, 4, 5, 6] && rows.map(\.offset) == [3, 8, 25, 26, 28])
        #expect(try await self.rows("".utf8).isEmpty)
        #expect(try await self.rows("a,".utf8).map(\.fields) == [["a", ""]])
    }

    @Test(
        "A row that is no CSV has its reason, and the rows after it are read",
        arguments: [
            ("a\"b", "quote inside", 1), ("\"a\"b", "after a closing", 1), ("\"x\ny\"z,1", "after a closing", 2),
            ("\"a\"\rb", "after a closing", 1),
        ])
    func goesOn(bad: String, reason: String, lines: Int) async throws {
        let rows = try await rows("1,2\n\(bad)\n3,4\n".utf8)
        #expect(rows.map(\.fields) == [["1", "2"], [], ["3", "4"]])
        #expect(rows[1].failure?.contains(reason) == true && rows[1].offset == 4 && rows[2].line == 2 + lines)
    }

    @Test("A quote that is never closed costs its own line only") func unclosedQuote() async throws {
        let rows = try await rows("1,2\n\"never,closed\n3,4\n5,6\n".utf8)
        #expect(rows.map(\.fields) == [["1", "2"], [], ["3", "4"], ["5", "6"]])
        #expect(rows[1].failure?.contains("never closed") == true)
        // Beyond the longest row, the same, wherever the pieces of the file end.
        let many = "\"open\n" + String(repeating: "3,4\n", count: 60_000)
        let long = try await self.rows(many.utf8, maxRowBytes: 70_000)
        #expect(long.count == 60_001 && long.filter { $0.failure != nil }.count == 1 && long.last?.line == 60_001)
    }

    @Test("A row beyond the limit is passed over without being held") func longRow() async throws {
        let rows = try await rows((String(repeating: "x", count: 400_000) + "\n1,2\n").utf8, maxRowBytes: 1000)
        #expect(rows.map(\.fields) == [[], ["1", "2"]] && rows[0].failure?.contains("1000 bytes") == true)
    }

    @Test("Broken UTF-8 is refused at its place") func brokenUTF8() async throws {
        let rows = try await rows(Array("a,b\n1,".utf8) + [0xC3, 0x28, 0x0A] + Array("2,é\n".utf8))
        #expect(rows.map(\.fields) == [["a", "b"], [], ["2", "é"]])
        #expect(rows[1].failure == "broken UTF-8 in field 2, at byte 6")
    }

    @Test("A row gives the file that it names, its label and its attributes") func readsFiles() async throws {
        try await withTemporaryFolder { root in
            try write(["1.jpg": "one"], below: root)
            try FileManager.default.createSymbolicLink(
                atPath: root.path + "/out.jpg", withDestinationPath: "/etc/passwd")
            let url = root.appending(path: "index.csv")
            let rows =
                "camera,path,label\r\na,1.jpg,cat\r\n\"b,c\",2.jpg,\r\nc,../1.jpg,dog\r\nd,/etc/passwd,dog\r\nd,dog\r\n"
                + "e,out.jpg,dog\n"
            try Data(rows.utf8).write(to: url)
            let records = try await read(CSVSource(at: url))
            #expect(
                records.map(\.id) == ["1.jpg", "2.jpg", "../1.jpg", "/etc/passwd", "row-5", "out.jpg"])
            #expect(records[0].bytes == Data("one".utf8) && records[0].readFailure == nil)
            #expect(records[0].attributes == ["camera": "a"] && records[1].attributes == ["camera": "b,c"])
            #expect(records.map(\.label) == ["cat", nil, "dog", "dog", nil, "dog"])
            #expect(records.dropFirst().allSatisfy { $0.readFailure != nil && $0.bytes.isEmpty })
            #expect(
                isRefused(records[4], "Row 5 (line 6, byte 81) has 2 fields, not 3") && isRefused(records[5], "leaves"))
            try await DataSourceExam(of: CSVSource(at: url), missing: CSVSource(at: root.appending(path: "no"))).run()
            let plain = try await read(CSVSource(at: url, pathColumn: nil, attributeColumns: ["camera"]))
            #expect(String(decoding: plain[1].bytes, as: UTF8.self) == #"{"camera":"b,c"}"#)
        }
    }

    @Test("Another delimiter is taken, and a wrong one refused") func delimiter() async throws {
        try await withTemporaryFolder { root in
            try write(["t.csv": "a;label\n1,5;x\n2,5;y\n"], below: root)
            var source = CSVSource(at: root.appending(path: "t.csv"), pathColumn: nil, delimiter: ";")
            #expect(try await read(source).map(\.attributes) == [["a": "1,5"], ["a": "2,5"]])
            for wrong in ["\"", "\n", "é"] as [Character] {
                source.delimiter = wrong
                #expect(await errorCode(source) == .invalidArgument)
            }
        }
    }

    @Test("A missing or doubled column is named, with the columns found") func namesMissingColumn() async throws {
        try await withTemporaryFolder { root in
            let url = root.appending(path: "index.csv")
            try Data("file,class\nx,y\n".utf8).write(to: url)
            let error = await #expect(throws: MLOpsError.self) { _ = try await read(CSVSource(at: url)) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("'path'") == true && error?.help.contains("file, class") == true)
            try Data("path,label,label\nx,y,z\n".utf8).write(to: url)
            #expect(await errorCode(CSVSource(at: url)) == .invalidArgument)
            try Data("\"path\n".utf8).write(to: url)
            #expect(await errorCode(CSVSource(at: url)) == .corruptData)
            try Data().write(to: url)
            #expect(await errorCode(CSVSource(at: url)) == .insufficientData)
        }
    }
}
