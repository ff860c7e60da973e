import Foundation
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Sources of JSON Lines") struct JSONLinesSourceTests {
    private func records(
        _ text: some Sequence<UInt8>, _ change: (inout JSONLinesSource) -> Void = { _ in }
    ) async throws -> [RawRecord] {
        try await withTemporaryFolder { root in
            let url = root.appending(path: "rows.jsonl")
            try Data(text).write(to: url)
            var source = JSONLinesSource(at: url, attributeFields: nil)
            change(&source)
            return try await read(source)
        }
    }

    @Test("Members become text as they are spelled, the line stays as it is") func readsLines() async throws {
        let line =
            #"{"n":12345678901234567890.10e+400, "s":"a\n\u00e9\ud83d\ude00\/", "b":true, "z":null, "o": {"k":[1, 2]}}"#
        let records = try await records(("\u{FEFF}" + line + "\r\n\n  \n{\"label\":3}").utf8)
        #expect(records.map(\.id) == ["row-1", "row-2"])
        #expect(records[0].bytes == Data(line.utf8) && records[0].label == nil && records[1].label == "3")
        #expect(
            records[0].attributes == [
                "n": "12345678901234567890.10e+400", "s": "a\né😀/", "b": "true", "o": #"{"k":[1, 2]}"#,
            ])
    }

    @Test(
        "A line that is no JSON object has its reason, and the lines after it are read",
        arguments: [
            ("[1]", "no object"), ("{\"a\":01}", "no , or }"), ("{\"a\":+1}", "no JSON value"),
            ("{\"a\":1.}", "no JSON value"),
            ("{\"a\":1,}", "no string"), ("{\"a\":[1,]}", "no JSON value"), ("{\"a\" 1}", "no :"),
            ("{\"a\":1} x", "after"),
            ("{\"a\":\"\\ud800\"}", "surrogate"), ("{\"a\":\"\\udc00\"}", "surrogate"),
            ("{\"a\":\"\\ud83dx\"}", "surrogate"),
            ("{\"a\":\"\\x\"}", "escape"), ("{\"a\":\"\\u12g4\"}", "hexadecimal"), ("{\"a\":\"\t\"}", "control"),
            ("{\"a\":1,\"a\":2}", "twice"), ("{\"a\":nul}", "no JSON value"), ("{\"a\":\"open", "never closed"),
            ("{", "no string"),
            ("{\"a\":NaN}", "no JSON value"), ("{\"label\":{}}", "label"), ("\u{0}", "no object"),
        ])
    func goesOn(bad: String, reason: String) async throws {
        let records = try await records("{\"a\":1}\n\(bad)\n{\"a\":2}\n".utf8)
        #expect(records.count == 3 && isRefused(records[1], reason), "\(records[1].readFailure ?? "")")
        #expect(isRefused(records[1], "Row 2 (line 2, byte 8)") && records[2].attributes == ["a": "2"])
    }

    @Test("Broken UTF-8, long lines and deep nesting are refused, not held") func limits() async throws {
        let deep = "{\"a\":" + String(repeating: "[", count: 100_000) + "}\n"
        let nested = "{\"a\":" + String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + "}\n"
        let bytes =
            Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}\n\(deep)".utf8)
            + Array("{\"a\":\"\(String(repeating: "x", count: 300_000))\"}\n\(nested)".utf8)
        let records = try await records(bytes) { $0.maxLineBytes = 200_000 }
        #expect(records.count == 4 && isRefused(records[0], "UTF-8") && isRefused(records[1], "deeper than 64"))
        #expect(isRefused(records[2], "more than 200000 bytes") && records[3].readFailure == nil)
    }

    @Test("Ids, texts and files come from members, and the sources pass the exam") func contents() async throws {
        try await withTemporaryFolder { root in
            try write(
                [
                    "1.txt": "one",
                    "rows.jsonl": """
                    {"key": "a", "file": "1.txt", "text": "hello", "label": "x", "extra": 1}
                    {"key": "b", "file": "../1.txt", "text": ""}
                    {"file": "2.txt"}
                    {"key": 4, "file": 4, "text": 4}
                    """,
                ], below: root)
            let url = root.appending(path: "rows.jsonl")
            let missing = JSONLinesSource(at: root.appending(path: "none"))
            var source = JSONLinesSource(at: url, content: .text(field: "text"), idField: "key", attributeFields: nil)
            try await DataSourceExam(of: source, missing: missing).run()
            let texts = try await read(source)
            #expect(
                texts[0]
                    == RawRecord(
                        id: "a", bytes: Data("hello".utf8), label: "x", attributes: ["file": "1.txt", "extra": "1"]))
            #expect(texts.map(\.id) == ["a", "b", "row-3", "4"] && isRefused(texts[2], "no id"))
            #expect(texts[1].readFailure == nil && isRefused(texts[3], "no text"))
            source.content = .path(field: "file")
            source.idField = nil
            try await DataSourceExam(of: source).run()
            let files = try await read(source)
            #expect(files.map(\.id) == ["1.txt", "../1.txt", "2.txt", "row-4"] && files[0].bytes == Data("one".utf8))
            #expect(files.dropFirst().allSatisfy { $0.readFailure != nil })
        }
    }
}
