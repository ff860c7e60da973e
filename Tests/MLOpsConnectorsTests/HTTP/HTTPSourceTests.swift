import Foundation
import MLOpsConnectors
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Synchronization
import Testing

@Suite("Sources on the web") struct HTTPSourceTests {
    private let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    private func items(_ server: LoopbackServer, _ paths: [String]) throws -> [HTTPSource.Item] {
        try paths.map { HTTPSource.Item(try server.url($0), id: $0, label: "x") }
    }

    private func source(_ server: LoopbackServer, _ paths: [String]) throws -> HTTPSource {
        HTTPSource(try items(server, paths), timeout: .seconds(5), backoff: quickBackoff)
    }

    @Test("Files come in the order of the list, and the source passes the exam") func passesExam() async throws {
        let server = try LoopbackServer { _, request, write in _ = write(reply("200 OK", [:], request.target.utf8)) }
        let source = try source(server, (0..<8).map { "/\($0)?key=secret" })
        let (records, error) = await readAll(source)
        #expect(error == nil && records.map { String(decoding: $0.bytes, as: UTF8.self) } == records.map(\.id))
        #expect(HTTPSource.Item(try server.url("/a?key=secret")).id == "http://127.0.0.1:\(server.port)/a")
        let gone = HTTPSource(
            [HTTPSource.Item(try #require(URL(string: "http://127.0.0.1:9/x")))], timeout: .seconds(2),
            backoff: quickBackoff)
        try await DataSourceExam(of: source, missing: gone).run()
    }

    @Test("A download that is broken off goes on by its range") func resumes() async throws {
        let log = Log()
        let server = try LoopbackServer { [content] number, request, write in
            let start = request.header("range").flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
            log.add("\(start > 0) \(request.header("if-range") ?? "none")")
            let headers = ["ETag": "\"v1\"", "Content-Range": "bytes \(start)-199999/200000"]
            // The client may have seen less of a lost connection than was sent.
            let end = min(start + 90_000, content.count)
            _ = write(
                reply(
                    start == 0 ? "200 OK" : "206 Partial Content", headers, content[start..<end],
                    length: content.count - start))
        }
        let (records, error) = await readAll(try source(server, ["/a"]))
        #expect(error == nil && records.map(\.bytes) == [Data(content)])
        #expect(log.all.count >= 3 && log.all.first == "false none" && Set(log.all.dropFirst()) == ["true \"v1\""])
    }

    @Test("A server that sends less of the rest than was asked for is asked for the rest of that") func shortRanges()
        async throws
    {
        let server = try LoopbackServer { [content] _, request, write in
            let start = request.header("range").flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
            let end = min(start + 60_000, content.count)
            let headers = ["ETag": "\"v1\"", "Content-Range": "bytes \(start)-\(end - 1)/200000"]
            _ = write(
                start == 0
                    ? reply("200 OK", headers, content[..<end], length: content.count)
                    : reply("206 Partial Content", headers, content[start..<end]))
        }
        let (records, error) = await readAll(try source(server, ["/a"]))
        #expect(error == nil && records.map(\.bytes) == [Data(content)])
    }

    @Test(
        "A download of something that changed, that has no name, or from a server without ranges begins again",
        arguments: ["changed", "unnamed", "no ranges", "wrong range", "weak"])
    func beginsAgain(how: String) async throws {
        let server = try LoopbackServer { [content] number, request, write in
            let tag = how == "weak" ? "W/\"v\(number)\"" : "\"v\(how == "changed" ? number : 0)\""
            let headers = how == "unnamed" ? [:] : ["ETag": tag]
            if number == 0 {
                _ = write(reply("200 OK", headers, content[..<90_000], length: content.count))
            } else if how == "wrong range", request.header("range") != nil {
                _ = write(reply("206 Partial Content", headers.merging(["Content-Range": "bytes 0-5/6"]) { $1 }, [1]))
            } else {
                _ = write(reply("200 OK", headers, content.reversed()))
            }
        }
        let (records, error) = await readAll(try source(server, ["/a"]))
        #expect(error == nil && records.map(\.bytes) == [Data(content.reversed())])
    }

    @Test("A server that is busy is asked again; one file that it never gives is refused, the others are read")
    func retries() async throws {
        let log = Log()
        let server = try LoopbackServer { _, request, write in
            log.add(request.target)
            let isBad = request.target == "/bad"
            let isBusy = request.target == "/busy" && log.count("/busy") < 3
            if isBad || isBusy {
                _ = write(reply("503 Slow Down", ["Retry-After": "0"], "later".utf8))
            } else {
                _ = write(reply("200 OK", [:], "ok".utf8))
            }
        }
        let (records, error) = await readAll(try source(server, ["/1", "/busy", "/bad", "/2"]))
        #expect(error == nil && records.map(\.id) == ["/1", "/busy", "/bad", "/2"])
        #expect(records.map { $0.readFailure == nil } == [true, true, false, true])
        #expect(log.count("/busy") == 3 && log.count("/bad") == 3)
        #expect(records[2].readFailure?.contains("503") == true)
    }

    @Test("When the server goes down, nothing is refused, and a later reading goes on there") func outage() async throws
    {
        let isDown = SharedFlag()
        let server = try LoopbackServer { _, request, write in
            if isDown.value, !["/0", "/1"].contains(request.target) { return }
            _ = write(reply("200 OK", [:], request.target.utf8))
        }
        let paths = (0..<10).map { "/\($0)" }
        isDown.value = true
        let (first, error) = await readAll(try source(server, paths))
        #expect(first.map(\.id) == ["/0", "/1"] && first.allSatisfy { $0.readFailure == nil })
        #expect((error as? MLOpsError)?.code == .unavailable)
        isDown.value = false
        let (rest, none) = await readAll(try source(server, paths), from: first.count)
        #expect(none == nil && (first + rest).map(\.id) == paths && rest.allSatisfy { $0.readFailure == nil })
    }

    @Test("A server that takes the request and says nothing is given up after the timeout") func silence() async throws
    {
        let server = try LoopbackServer { _, _, _ in sleep(1) }
        let source = HTTPSource(
            try items(server, ["/a"]), timeout: .milliseconds(50),
            backoff: Backoff(first: .milliseconds(1), longest: .milliseconds(1), tries: 2))
        let (records, error) = await readAll(source)
        #expect(records.isEmpty && (error as? MLOpsError)?.code == .unavailable)
    }

    @Test("What the server refuses, is too large or has another digest is refused with the reason") func refuses()
        async throws
    {
        let server = try LoopbackServer { _, request, write in
            switch request.target {
            case "/none": _ = write(reply("404 Not Found", [:], []))
            case "/secret": _ = write(reply("403 Forbidden", [:], []))
            case "/large": _ = write(reply("200 OK", [:], [], length: 5000))
            case "/endless":
                _ = write(Array("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
                while write(Array("400\r\n".utf8) + [UInt8](repeating: 7, count: 1024) + [13, 10]) {}
            default: _ = write(reply("200 OK", [:], "abc".utf8))
            }
        }
        var items = try items(server, ["/none", "/secret", "/large", "/endless", "/abc", "/abc2"])
        items[4].digest = Digest(of: Data("abc".utf8))
        items[5].digest = Digest(of: Data("abd".utf8))
        items.append(HTTPSource.Item(URL(filePath: "/etc/passwd")))
        let (records, error) = await readAll(HTTPSource(items, maxBytes: 4000, backoff: quickBackoff))
        #expect(error == nil && records.count == 7)
        let reasons = ["404", "403", "5000 bytes", "more bytes", nil, "digest", "no web address"]
        for (record, reason) in zip(records, reasons) {
            #expect(record.bytes.isEmpty == (reason != nil), "\(record.id)")
            #expect(reason.map { record.readFailure?.contains($0) == true } ?? (record.readFailure == nil), "\(record)")
        }
    }

    @Test("A manifest lists addresses or objects; a line that is neither is refused") func manifest() async throws {
        let digest = Digest(of: Data("/data/b.jpg".utf8))
        let lines = """
            a.jpg
            {"url": "b.jpg", "id": "b", "label": "cat", "camera": 7, "sha256": "\(digest.hex)"}
            {"url": 1
            {"id": "none"}
            {"url": "c.jpg", "sha256": "xyz"}

            /other/d.jpg
            """
        let server = try LoopbackServer { _, request, write in
            let isManifest = request.target == "/data/list"
            _ = write(
                request.target == "/data/none"
                    ? reply("404 Not Found", [:], []) : reply("200 OK", [:], (isManifest ? lines : request.target).utf8)
            )
        }
        func source(_ path: String) throws -> HTTPSource {
            HTTPSource(manifest: try server.url(path), backoff: quickBackoff)
        }
        let (records, error) = await readAll(try source("/data/list"))
        #expect(error == nil && records.count == 6)
        #expect(records[0].bytes == Data("/data/a.jpg".utf8) && records[0].id.hasSuffix("/data/a.jpg"))
        #expect(
            records[1]
                == RawRecord(id: "b", bytes: Data("/data/b.jpg".utf8), label: "cat", attributes: ["camera": "7"]))
        #expect(records[2...4].map(\.id) == ["line-3", "line-4", "line-5"])
        #expect(records[2...4].allSatisfy { $0.readFailure?.contains("of the manifest has") == true })
        #expect(records[5].bytes == Data("/other/d.jpg".utf8))
        try await DataSourceExam(of: try source("/data/list"), missing: try source("/data/none")).run()
    }

    @Test("Addresses that no address can be are refused, those that a server redirects to as well")
    func impossibleAddresses() async throws {
        let server = try LoopbackServer { _, request, write in
            let to = String(request.target.dropFirst(4)).removingPercentEncoding ?? ""
            _ = write(reply("302 Found", ["Location": to], []))
        }
        let addresses = [
            "http://127.0.0.1:99999/", "http://[::1]:65536/a", "http://[]/", "ftp://127.0.0.1/", "file:///etc/passwd",
        ]
        let items =
            try addresses.compactMap { URL(string: $0) }.map { HTTPSource.Item($0) }
            + addresses.map {
                let target = $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                return HTTPSource.Item(try server.url("/to/" + target), id: "to \($0)")
            }
        let (records, error) = await readAll(HTTPSource(items, timeout: .seconds(5), backoff: quickBackoff))
        #expect(error == nil && records.count == items.count && records.count >= 8, "\(String(describing: error))")
        #expect(records.allSatisfy { $0.readFailure?.contains("no web address") == true }, "\(records)")
    }

    @Test("A redirect is followed, what says who asks goes to no other server, and a circle has an end")
    func redirects() async throws {
        let log = Log()
        let other = try LoopbackServer { _, request, write in
            log.add("\(request.header("authorization") ?? "none") \(request.header("x-key") ?? "none")")
            _ = write(reply("200 OK", [:], "b".utf8))
        }
        let foreign = try other.url("/b").absoluteString
        let server = try LoopbackServer { _, request, write in
            switch request.target {
            case "/a": _ = write(reply("301 Moved Permanently", ["Location": "c"], []))
            case "/c": _ = write(reply("200 OK", [:], (request.header("authorization") ?? "none").utf8))
            case "/far": _ = write(reply("307 Temporary Redirect", ["Location": foreign], []))
            default: _ = write(reply("302 Found", ["Location": "/circle"], []))
            }
        }
        let source = HTTPSource(
            try items(server, ["/a", "/far", "/circle"]), headers: [("Authorization", "hush"), ("X-Key", "k")],
            timeout: .seconds(5), backoff: quickBackoff)
        let (records, error) = await readAll(source)
        #expect(error == nil && records.map(\.bytes) == [Data("hush".utf8), Data("b".utf8), Data()])
        #expect(records[2].readFailure?.contains("again and again") == true && log.all == ["none none"])
    }

    @Test("The headers of a manifest are for its server alone") func keepsHeaders() async throws {
        let log = Log()
        let other = try LoopbackServer { _, request, write in
            log.add("other \(request.header("authorization") ?? "none")")
            _ = write(reply("200 OK", [:], "b".utf8))
        }
        let foreign = try other.url("/b").absoluteString
        let server = try LoopbackServer { _, request, write in
            log.add("own \(request.header("authorization") ?? "none")")
            _ = write(reply("200 OK", [:], (request.target == "/list" ? "a\n\(foreign)\n" : "a").utf8))
        }
        let source = HTTPSource(
            manifest: try server.url("/list"), headers: [("Authorization", "hush")], backoff: quickBackoff)
        let (records, error) = await readAll(source)
        #expect(error == nil && records.map(\.bytes) == [Data("a".utf8), Data("b".utf8)])
        #expect(log.all.sorted() == ["other none", "own hush", "own hush"])
    }
}
