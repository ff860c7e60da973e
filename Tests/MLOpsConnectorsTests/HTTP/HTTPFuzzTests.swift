import Foundation
import MLOpsConnectors
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Synchronization
import Testing

/// Damaged manifests and answers, `ByteMutator.count` of each: they give records, good or refused, or an ``MLOpsError``,
/// in bounded memory.
@Suite("Damaged data from the web") struct HTTPFuzzTests {
    private let tokens = [
        "{", "}", "\"", "\\", "\\u0000", "\\ud800", ":", ",", "\n", "\r", "[[[[", "null", "1e999", "\"url\":", "é",
        "%00",
        "http://127.0.0.1:99999/", "http://[::1]:65536/", "http://[]/", "http://127.0.0.1:-1/", "//", "../", "@", "#",
    ]

    @Test("Manifests") func manifests() async throws {
        let served = Mutex(Data())
        let server = try LoopbackServer { _, request, write in
            let isManifest = request.target == "/data/list"
            _ = write(reply("200 OK", [:], isManifest ? served.withLock { $0 } : Data(request.target.utf8)))
        }
        let (place, own) = (try server.url("/data/list"), try server.url("/x"))
        let digest = Digest(of: Data("/data/b.jpg".utf8))
        let seeds = [
            #"{"url":"b.jpg","id":"b","label":"cat","camera":7,"sha256":"\#(digest.hex)"}"# + "\n{\"url\": 1\n",
            "a.jpg\r\n\n/d/c.jpg?key=1#x\n{\"url\":\"http://127.0.0.1:\(server.port)/e\",\"o\":{\"k\":[1]}}",
        ].map { Data($0.utf8) }
        try await MemoryBound().hold("manifests") {
            var mutator = ByteMutator(seed: 25, tokens: tokens)
            var (read, items) = (0, 0)
            for i in 0..<ByteMutator.count {
                let bytes = mutator.mutated(seeds[i % 2])
                var manifest = HTTPManifest(bytes, at: place)
                var lines: [HTTPManifest.Line] = []
                while let line = manifest.next() { lines.append(line) }
                #expect(lines.count <= bytes.count && lines.allSatisfy { 1...bytes.count + 1 ~= $0.number })
                let urls = lines.compactMap { try? $0.item.get().url }
                items += urls.count
                // What leads to somebody else's computer is not asked for.
                guard urls.allSatisfy({ $0.host() != own.host() || $0.port == own.port || ($0.port ?? 80) > 65535 }),
                    urls.allSatisfy({ $0.host() == nil || $0.host() == own.host() })
                else { continue }
                served.withLock { $0 = bytes }
                let source = HTTPSource(manifest: place, timeout: .seconds(2), backoff: quickBackoff)
                let (records, error) = await readAll(source)
                #expect(error == nil && records.count == lines.count, "case \(i): \(error.map { "\($0)" } ?? "")")
                if records.contains(where: { $0.readFailure == nil }) { read += 1 }
            }
            #expect(items > ByteMutator.count && read > ByteMutator.count / 4, "\(items) items, \(read) read")
        }
    }

    @Test("A manifest of untold lines is not unfolded in memory") func longManifest() async throws {
        let bytes = Data(String(repeating: "a\n", count: 4 << 20).utf8)
        let server = try LoopbackServer { _, request, write in
            _ = write(reply("200 OK", [:], request.target == "/list" ? bytes : Data("a".utf8)))
        }
        let source = HTTPSource(manifest: try server.url("/list"), backoff: quickBackoff)
        try await MemoryBound().hold("lines of a manifest") {
            var count = 0
            for try await sourced in source.records(from: .start) {
                #expect(sourced.record.bytes == Data("a".utf8))
                count += 1
                if count == 20 { break }
            }
            #expect(count == 20)
        }
    }

    @Test("Answers of a server") func answers() async throws {
        let content = Data((0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let tag = ["ETag": "\"v1\""]
        let seeds = [
            reply("200 OK", tag, content, length: 5000), reply("200 OK", tag, content),
            reply(
                "206 Partial Content", tag.merging(["Content-Range": "bytes 3000-4999/5000"]) { $1 }, content[..<2000]),
            reply("000 None", [:], "abc".utf8), reply("302 Found", ["Location": "/b"], []),
            reply("503 Busy", ["Retry-After": "0"], []),
            Array(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nabcd\r\n0\r\n\r\n".utf8),
        ].map { Data($0) }
        let tokens = [
            "\r\n", ":", " ", "Content-Length: 99999999999999999999\r\n", "Content-Length: 4611686018427387904\r\n",
            "Content-Range: bytes 3000-/\r\n", "Location: http://127.0.0.1:99999/\r\n", "Location: //[]/\r\n",
            "Retry-After: -9223372036854775808\r\n", "ffffffffffffffff\r\n", "W/", "301", "416",
        ]
        let mutator = Mutex(ByteMutator(seed: 26, tokens: tokens))
        let server = try LoopbackServer { number, _, write in
            _ = write(Array(mutator.withLock { $0.mutated(seeds[number % seeds.count]) }))
        }
        let item = HTTPSource.Item(try server.url("/a"), id: "a")
        let source = HTTPSource(
            [item], maxBytes: 1 << 16, timeout: .seconds(2),
            backoff: Backoff(first: .zero, longest: .milliseconds(1), tries: 3))
        try await MemoryBound().hold("answers") {
            var read = 0
            for i in 0..<ByteMutator.count {
                let (records, error) = await readAll(source)
                #expect(
                    error == nil || (error as? MLOpsError)?.code == .unavailable,
                    "case \(i): \(String(describing: error))")
                #expect(records.allSatisfy { $0.bytes.count <= 1 << 16 })
                if records.contains(where: { $0.readFailure == nil }) { read += 1 }
            }
            #expect(read > 0 && read < ByteMutator.count)
        }
    }
}
