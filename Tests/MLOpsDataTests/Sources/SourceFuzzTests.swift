import Foundation
import GRDB
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

/// Damaged files, `ByteMutator.count` of each format: reading gives records, good or refused, or throws an
/// ``MLOpsError``; never more than the file can hold, the same twice, and in bounded memory.
@Suite("Damaged sources") struct SourceFuzzTests {
    /// Reads each damaged file, once from the start and once from within.
    private func fuzz(
        _ seeds: [Data], named name: String, tokens: [String] = [], beside files: [String: String] = [:],
        maxBytes: Int = 1 << 16, _ source: @Sendable (URL) -> any DataSource<RawRecord>
    ) async throws {
        try await MemoryBound().hold("\(name)") {
            try await withTemporaryFolder { root in
                try write(files, below: root)
                let url = root.appending(path: name)
                var mutator = ByteMutator(seed: 20, tokens: tokens, maxBytes: maxBytes)
                var readable = 0
                for i in 0..<ByteMutator.count {
                    let bytes = mutator.mutated(seeds[i % seeds.count])
                    try bytes.write(to: url)
                    do {
                        let records = try await read(source(url))
                        readable += 1
                        #expect(records.count <= bytes.count + 1, "case \(i)")
                        var rest: [RawRecord] = []
                        for try await sourced in source(url).records(from: SourcePosition(offset: records.count / 2)) {
                            rest.append(sourced.record)
                        }
                        #expect(rest == Array(records.dropFirst(records.count / 2)), "case \(i)")
                    } catch is MLOpsError {}
                }
                #expect(readable > 0)
            }
        }
    }

    @Test("CSV") func csv() async throws {
        let seeds = [
            "path,label,camera\r\n1.jpg,cat,\"a \"\"b\"\"\"\r\n\"2,\n.jpg\",dog,c\r\n3.jpg,é,\r\n",
            "path,label\n1.jpg,cat\n",
        ].map { Data($0.utf8) }
        let tokens = ["\"", "\"\"", ",", "\r\n", "\n", "\u{FEFF}", "../", "/etc/passwd", "1.jpg", "\u{0}"]
        try await fuzz(seeds, named: "rows.csv", tokens: tokens, beside: ["1.jpg": "x"]) {
            CSVSource(at: $0, maxRowBytes: 500)
        }
        try await fuzz(seeds, named: "rows.csv", tokens: tokens) {
            CSVSource(at: $0, pathColumn: nil, labelColumn: nil)
        }
    }

    @Test("JSON Lines") func jsonLines() async throws {
        let seeds = [
            #"{"id":"a","n":-1.5e10,"s":"x\u00e9\ud83d\ude00","o":{"k":[1,{"z":null}]},"label":true}"# + "\n{}\n",
            String(repeating: #"{"id":1,"label":"x","path":"1.jpg"}"# + "\n", count: 5),
        ].map { Data($0.utf8) }
        let tokens = ["{", "}", "[", "]", "\"", "\\", "\\u", "\\ud800", ":", ",", "\n", "1e999", "null", "[[[[", "../"]
        try await fuzz(seeds, named: "rows.jsonl", tokens: tokens) {
            JSONLinesSource(at: $0, idField: "id", attributeFields: nil, maxLineBytes: 500, maxDepth: 8)
        }
        try await fuzz(seeds, named: "rows.jsonl", tokens: tokens, beside: ["1.jpg": "x"]) {
            JSONLinesSource(at: $0, content: .path(field: "path"))
        }
    }

    @Test("SQLite") func sqlite() async throws {
        let seed = try await withTemporaryFolder { root in
            let url = root.appending(path: "seed.sqlite")
            try DatabaseQueue(path: url.path).write { database in
                try database.execute(sql: "PRAGMA page_size = 512")
                try database.execute(sql: "CREATE TABLE photo (id INTEGER PRIMARY KEY, bytes BLOB, label TEXT)")
                for i in 0..<40 {
                    try database.execute(
                        sql: "INSERT INTO photo VALUES (?, ?, ?)", arguments: [i, Data(count: i * 40), "label \(i)"])
                }
            }
            return try Data(contentsOf: url)
        }
        try await fuzz([seed], named: "photo.sqlite", maxBytes: 1 << 18) { SQLiteSource(at: $0, table: "photo") }
    }

    @Test("Prediction logs") func predictionLogs() async throws {
        try await withTemporaryFolder { root in
            let url = root.appending(path: "log.jsonl")
            do {
                let log = try FilePredictionLog(at: url)
                try await log.append(
                    (0..<3).map { i in
                        PredictionRecord(
                            id: "p-\(i)", at: Date(timeIntervalSince1970: Double(i)), deployment: "park",
                            package: Digest(of: Data("pets".utf8)), label: "cat", probabilities: [0.25, 0.75],
                            input: Digest(of: Data("\(i)".utf8)), features: ["brightness": Double(i)],
                            tags: ["camera": "\(i)"], latency: 0.01)
                    })
                try await log.append(labels: [
                    PredictionLabel(id: "p-1", label: "dog", at: Date(timeIntervalSince1970: 9), source: "vet")
                ])
            }
            let seed = try Data(contentsOf: url)
            let tokens = ["{", "}", "[", "]", "\"", ",", "\n", "1e999", "-1", "null", "9999999999999999999", "1e308"]
            try await MemoryBound().hold("prediction logs") {
                var mutator = ByteMutator(seed: 27, tokens: tokens)
                var readable = 0
                for _ in 0..<ByteMutator.count {
                    try mutator.mutated(seed).write(to: url)
                    do {
                        let records = try await read(PredictionLogSource(try FilePredictionLog(at: url)))
                        #expect(records.count <= 12)
                        readable += 1
                    } catch is MLOpsError {}
                }
                #expect(readable > 0)
            }
        }
    }

    @Test("Pictures in folders") func pictures() async throws {
        try await MemoryBound().hold("pictures in folders") {
            try await withTemporaryFolder { root in
                let seeds = [
                    try Fixture.painted(width: 40, height: 30).jpeg(), try Fixture.bytes("images/progressive.jpg"),
                    try Fixture.bytes("images/palette.png"), try Fixture.bytes("images/interlaced.png"),
                ]
                var mutator = ByteMutator(seed: 21)
                let source = ImageFolderSource(at: root)
                let decoder = ImageDecoder(maxPixels: 1 << 20)
                try write(["a/1": ""], below: root)
                for i in 0..<ByteMutator.count {
                    let bytes = mutator.mutated(seeds[i % seeds.count])
                    try bytes.write(to: root.appending(path: "a/1"))
                    let records = try await read(source)
                    #expect(records.count == 1 && records[0].bytes == bytes && records[0].readFailure == nil)
                    do { _ = try decoder.decode(records[0].bytes) } catch is MLOpsError {}
                }
            }
        }
    }

    @Test("Motion JPEG, cut anywhere, gives the same frames as in one piece") func motionJPEG() async throws {
        var stream = Data()
        for i in 0..<4 {
            let frame = Data(repeating: UInt8(i), count: 60 * i)
            let length = i % 2 == 0 ? "Content-Length: \(frame.count)\r\n" : ""
            stream += Data("--frame\r\nContent-Type: image/jpeg\r\n\(length)\r\n".utf8) + frame + Data("\r\n".utf8)
        }
        let tokens = [
            "--frame\r\n", "--frame--", "Content-Length: 99999999999999999999\r\n", "\r\n\r\n", "Content-Length: -1",
            "Content-Length: 4096\r\n", "Content-Length: 9000000000000000000\r\n",
        ]
        try await MemoryBound().hold("Motion JPEG streams") {
            var mutator = ByteMutator(seed: 22, tokens: tokens)
            for i in 0..<ByteMutator.count {
                let bytes = mutator.mutated(stream)
                func frames(piece: Int) throws -> [Data] {
                    var parser = try MotionJPEGParser(boundary: "frame", maxFrameBytes: 4096, maxHeaderBytes: 1024)
                    var frames: [Data] = []
                    do {
                        for start in stride(from: 0, to: bytes.count, by: piece) {
                            frames += try parser.feed(bytes[start..<min(start + piece, bytes.count)])
                        }
                    } catch is MLOpsError {}
                    return frames
                }
                let whole = try frames(piece: max(1, bytes.count))
                #expect(whole.allSatisfy { $0.count <= 4096 })
                #expect(try frames(piece: 7) == whole, "case \(i)")
            }
        }
    }

    @Test("The type that a camera says it sends names a boundary, or none") func contentTypes() async throws {
        let types = ["multipart/x-mixed-replace; boundary=\"--frame\"", "multipart/x-mixed-replace;boundary=a;b=c"]
        try await MemoryBound().hold("types of streams") {
            var mutator = ByteMutator(seed: 24, tokens: [";", "=", "\"", "boundary=", "-", "é", " "])
            for i in 0..<ByteMutator.count {
                let type = String(decoding: mutator.mutated(Data(types[i % 2].utf8)), as: UTF8.self)
                guard let boundary = MotionJPEGParser.boundary(ofContentType: type) else { continue }
                do { _ = try MotionJPEGParser(boundary: boundary) } catch is MLOpsError {}
            }
        }
    }
}
