import Foundation
import MLOpsConnectors
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

@Suite("Object stores") struct S3BucketTests {
    private func bucket(_ server: LoopbackServer) throws -> S3Bucket {
        try S3Bucket(
            "photos", endpoint: server.url(""), credentials: S3Credentials(accessKey: "AKID", secretKey: "secret"),
            timeout: .seconds(5), backoff: quickBackoff)
    }

    private func listing(_ contents: String, next: String? = nil) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>photos</Name>\
        <EncodingType>url</EncodingType><IsTruncated>\(next != nil)</IsTruncated>\
        \(next.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? "")\(contents)</ListBucketResult>
        """
    }

    private func object(_ key: String, _ size: Int = 3) -> String {
        "<Contents><Key>\(key)</Key><Size>\(size)</Size><ETag>&quot;t&quot;</ETag></Contents>"
    }

    @Test("A bucket is listed page by page, and each object fetched as it was listed") func lists() async throws {
        let log = Log()
        let server = try LoopbackServer { [self] _, request, write in
            log.add(request.target)
            #expect(request.header("authorization")?.hasPrefix("AWS4-HMAC-SHA256 Credential=AKID/") == true)
            switch request.target {
            case let target where target.contains("list-type=2") && !target.contains("continuation"):
                let page = object("set/", 0) + object("set/cat/1.jpg") + object("set/cat/a+b%2Bc%C3%A9.jpg")
                _ = write(reply("200 OK", [:], listing(page, next: "next/+=").utf8))
            case let target where target.contains("continuation-token=next%2F%2B%3D"):
                let page =
                    object("set/dog/2.jpg") + object("set/dog/huge", 5000) + object("set/dog/x%0Ay") + object("set/top")
                _ = write(reply("200 OK", [:], listing(page).utf8))
            case "/photos/set/dog/2.jpg":
                #expect(request.header("if-match") == "\"t\"")
                _ = write(reply("412 Precondition Failed", [:], "<Error><Code>PreconditionFailed</Code></Error>".utf8))
            default: _ = write(reply("200 OK", [:], "jpg".utf8))
            }
        }
        var source = S3Source(try bucket(server), prefix: "set/", pageSize: 3)
        source.maxBytes = 1000
        let (records, error) = await readAll(source)
        #expect(error == nil)
        #expect(
            records.map(\.id) == ["cat/1.jpg", "cat/a b+cé.jpg", "dog/2.jpg", "dog/huge", "dog/x\ny", "top"])
        #expect(records.map(\.label) == ["cat", "cat", "dog", nil, nil, nil])
        #expect(records.map { $0.readFailure == nil } == [true, true, false, false, false, true])
        #expect(records[2].readFailure?.contains("PreconditionFailed") == true)
        #expect(log.all.contains("/photos/set/cat/a%20b%2Bc%C3%A9.jpg"))
        #expect(log.all.contains { $0.contains("max-keys=3") && $0.contains("prefix=set%2F") })
    }

    @Test("A bucket that answers 503 is asked again, with a limit, and signed anew") func slowDown() async throws {
        let log = Log()
        let slow = "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
        let server = try LoopbackServer { _, request, write in
            log.add(request.target)
            let isBad = log.count(request.target) < 3 || request.target.hasSuffix("never")
            _ = write(isBad ? reply("503 Slow Down", [:], slow.utf8) : reply("200 OK", [:], "abc".utf8))
        }
        let bucket = try bucket(server)
        #expect(try await bucket.object("1") == Data("abc".utf8) && log.count("/photos/1") == 3)
        let error = await #expect(throws: MLOpsError.self) { try await bucket.object("never") }
        #expect(error?.code == .unavailable && log.count("/photos/never") == 3)
    }

    @Test("A download that is broken off goes on by its range, signed") func resumes() async throws {
        let content = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let server = try LoopbackServer { number, request, write in
            let start = request.header("range").flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
            #expect(request.header("authorization")?.contains("range") == (number > 0))
            let headers = ["ETag": "\"v\"", "Content-Range": "bytes \(start)-149999/150000"]
            let end = min(start + 70_000, content.count)
            _ = write(
                reply(
                    number == 0 ? "200 OK" : "206 Partial", headers, content[start..<end], length: content.count - start
                ))
        }
        #expect(try await bucket(server).object("big") == Data(content))
    }

    @Test("A range that is broken off is asked for again; one asks for the size of what is too large to read")
    func rangesAndSizes() async throws {
        let server = try LoopbackServer { number, request, write in
            if request.head.hasPrefix("HEAD") {
                _ = write(reply("200 OK", ["ETag": "\"v\""], [], length: 1 << 40))
            } else {
                #expect(
                    request.header("range") == "bytes=10-19"
                        && request.head.components(separatedBy: "bytes=").count == 2)
                let headers = ["ETag": "\"v\"", "Content-Range": "bytes 10-19/100"]
                _ = write(reply("206 Partial", headers, [UInt8](repeating: 7, count: number == 0 ? 5 : 10), length: 10))
            }
        }
        let bucket = try bucket(server)
        #expect(try await bucket.object("big", range: 10..<20) == Data(repeating: 7, count: 10))
        #expect(try await bucket.find("big") == S3Object(key: "big", size: 1 << 40, tag: "\"v\""))
    }

    @Test("Errors are told apart") func errors() async throws {
        let server = try LoopbackServer { _, request, write in
            let refusals = ["none": "404 Not Found", "secret": "403 Forbidden", "wrong": "400 Bad Request"]
            let status = refusals.first { request.target.hasSuffix($0.key) }?.value ?? "200 OK"
            _ = write(reply(status, [:], "<Error><Code>Reason</Code><Message>why</Message></Error>".utf8))
        }
        let bucket = try bucket(server)
        for (key, code) in [("none", MLOpsError.Code.notFound), ("secret", .external), ("wrong", .external)] {
            let error = await #expect(throws: MLOpsError.self) { try await bucket.object(key) }
            #expect(error?.code == code && error?.message.contains("Reason") == true)
        }
        // A listing that is an error with the status of success.
        let (records, error) = await readAll(S3Source(bucket))
        #expect(records.isEmpty && (error as? MLOpsError)?.code == .corruptData)
        #expect(throws: MLOpsError.self) { try S3Bucket("a/b", credentials: nil) }
        #expect(throws: MLOpsError.self) { try S3Bucket("abc", endpoint: URL(filePath: "/tmp"), credentials: nil) }
    }

    @Test("A large object is sent in parts; a store that fails at the end, with the status of success, is found out")
    func parts() async throws {
        let log = Log()
        let server = try LoopbackServer { _, request, write in
            let method = request.head.prefix { $0 != " " }
            log.add("\(method) \(request.target) \(request.body.count)")
            let isBad = request.target.contains("bad")
            switch (method, request.target) {
            case ("POST", let target) where target.hasSuffix("?uploads="):
                _ = write(reply("200 OK", [:], "<R><UploadId>u/1</UploadId></R>".utf8))
            case ("POST", _):
                let answer = isBad ? "<Error><Code>InternalError</Code></Error>" : "<CompleteMultipartUploadResult/>"
                _ = write(reply("200 OK", [:], answer.utf8))
            case ("DELETE", _): _ = write(reply("204 No Content", [:], []))
            default: _ = write(reply("200 OK", ["ETag": "\"p\""], []))
            }
        }
        let bucket = try bucket(server)
        let bytes = Data(count: 11 << 20)
        try await bucket.put(bytes, at: "good", partBytes: 5 << 20)
        #expect(
            log.all.filter { $0.contains("PUT") }.sorted() == [
                "PUT /photos/good?partNumber=1&uploadId=u%2F1 5242880",
                "PUT /photos/good?partNumber=2&uploadId=u%2F1 5242880",
                "PUT /photos/good?partNumber=3&uploadId=u%2F1 1048576",
            ])
        let error = await #expect(throws: MLOpsError.self) {
            try await bucket.put(bytes, at: "bad", partBytes: 5 << 20)
        }
        #expect(error?.code == .unavailable && log.all.last == "DELETE /photos/bad?uploadId=u%2F1 0")
    }

    @Test("An upload that is cancelled is given up at the store") func cancelledUpload() async throws {
        let log = Log()
        let (parts, came) = AsyncStream.makeStream(of: Void.self)
        let isCancelled = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { _, request, write in
            let method = request.head.prefix { $0 != " " }
            log.add("\(method) \(request.target)")
            switch method {
            case "POST": _ = write(reply("200 OK", [:], "<R><UploadId>u1</UploadId></R>".utf8))
            case "DELETE": _ = write(reply("204 No Content", [:], []))
            default:
                came.yield()
                isCancelled.wait()
                isCancelled.signal()
                _ = write(reply("200 OK", ["ETag": "\"p\""], []))
            }
        }
        let bucket = try bucket(server)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bucket.put(Data(count: 11 << 20), at: "large", partBytes: 5 << 20) }
            for await _ in parts { break }
            group.cancelAll()
            isCancelled.signal()
            await #expect(throws: (any Error).self) { try await group.next() }
        }
        #expect(log.all.last == "DELETE /photos/large?uploadId=u1")
    }

    @Test("A bucket that is one's own already is no error; one of somebody else is") func makes() async throws {
        let server = try LoopbackServer { number, _, write in
            let reason = number == 0 ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists"
            _ = write(reply("409 Conflict", [:], "<Error><Code>\(reason)</Code></Error>".utf8))
        }
        let bucket = try bucket(server)
        try await bucket.make()
        let error = await #expect(throws: MLOpsError.self) { try await bucket.make() }
        #expect(error?.code == .external && error?.message.contains("BucketAlreadyExists") == true)
    }

    @Test("A prefix may end within a letter and its accent") func prefixWithinACharacter() async throws {
        let server = try LoopbackServer { [self] _, request, write in
            let isListing = request.target.contains("list-type=2")
            _ = write(reply("200 OK", [:], (isListing ? listing(object("cafe%CC%81/1.jpg")) : "abc").utf8))
        }
        let (records, error) = await readAll(S3Source(try bucket(server), prefix: "cafe", label: .none))
        #expect(error == nil && records.map(\.id) == ["\u{301}/1.jpg"])
    }

    @Test("Damaged listings are read or refused, never more") func fuzzedListings() async throws {
        let seed = Data(listing(object("set/cat/1.jpg") + object("a+b%2B", 0), next: "token").utf8)
        let tokens = [
            "<Contents>", "</Key>", "&amp;", "&#x0;", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "%", "<a>", "]]>",
        ]
        var mutator = ByteMutator(seed: 23, tokens: tokens)
        try await MemoryBound().hold("S3 listings") {
            for _ in 0..<ByteMutator.count {
                let bytes = mutator.mutated(seed)
                do {
                    let objects = try S3Bucket.objects(inListing: bytes)
                    #expect(objects.count <= bytes.count)
                } catch is MLOpsError {}
            }
        }
        let bomb = "<!DOCTYPE a [<!ENTITY b \"\(String(repeating: "x", count: 1000))\">]><a>&b;</a>"
        #expect(throws: MLOpsError.self) { try S3Document(Data(bomb.utf8)) }
        #expect(throws: MLOpsError.self) { try S3Document(Data(String(repeating: "<a>", count: 50_000).utf8)) }
        #expect(
            try S3Bucket.objects(inListing: seed) == [
                S3Object(key: "set/cat/1.jpg", size: 3, tag: "\"t\""), S3Object(key: "a b+", size: 0, tag: "\"t\""),
            ])
    }
}
