import Foundation
import MLOpsConnectors
import MLOpsCore
import MLOpsData
import MLOpsTestKit
import Testing

/// Against a store at the address in `MLOPS_TEST_S3`, with the keys of the environment; `.ci/oracles.d/s3` starts some.
@Suite("A real object store", .enabled(if: ProcessInfo.processInfo.environment["MLOPS_TEST_S3"] != nil))
struct S3ServerTests {
    private let environment = ProcessInfo.processInfo.environment

    private func bucket(_ name: String, secret: String? = nil) async throws -> S3Bucket {
        var credentials = try #require(S3Credentials(environment: environment))
        if let secret { credentials = S3Credentials(accessKey: credentials.accessKey, secretKey: secret) }
        let endpoint = try #require(URL(string: environment["MLOPS_TEST_S3"] ?? ""))
        let bucket = try S3Bucket(name, endpoint: endpoint, credentials: credentials, backoff: quickBackoff)
        if secret == nil { try await bucket.make() }
        return bucket
    }

    @Test("Objects are stored, found, listed over pages, read in ranges and erased") func objects() async throws {
        let bucket = try await bucket("objects-\(UUID().uuidString.lowercased())")
        var keys =
            (0..<25).map { "set/\($0 % 2 == 0 ? "cat" : "dog")/\($0).jpg" } + [
                "set/cat/with space.jpg", "set/a~b/(1).jpg",
            ]
        // Some stores do not take these.
        if environment["MLOPS_TEST_S3_ODD"] != nil { keys += ["set/cat/u+ü.jpg", "set/cat/100%&=?#.jpg"] }
        for key in keys { try await bucket.put(Data("bytes of \(key)".utf8), at: key) }
        var found: [String] = []
        for try await object in bucket.objects(prefix: "set/", pageSize: 10) { found.append(object.key) }
        #expect(found == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        let size = try await bucket.find(keys[3])?.size
        #expect(size == "bytes of \(keys[3])".utf8.count)
        #expect(try await bucket.object(keys[3], range: 6..<8) == Data("of".utf8))
        try await DataSourceExam(of: S3Source(bucket, prefix: "set/", pageSize: 10)).run()
        try await bucket.erase(keys[3])
        #expect(try await bucket.find(keys[3]) == nil)
        let error = await #expect(throws: MLOpsError.self) { try await bucket.object(keys[3]) }
        #expect(error?.code == .notFound)
    }

    @Test("An object in parts is the same when it comes back, from memory and from a file") func parts() async throws {
        let bucket = try await bucket("parts-\(UUID().uuidString.lowercased())")
        let bytes = Data((0..<12 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) })
        try await bucket.put(bytes, at: "big", partBytes: 5 << 20)
        #expect(try await bucket.object("big") == bytes)
        let file = FileManager.default.temporaryDirectory.appending(path: "parts-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try bytes.write(to: file)
        try await bucket.put(contentsOf: file, at: "file", partBytes: 5 << 20)
        #expect(try await bucket.object("file") == bytes)
        let tag = try #require(try await bucket.find("big")?.tag)
        #expect(tag.contains("-3"), "\(tag) is that of an object of 3 parts")
        #expect(try await bucket.object("big", tag: tag).count == bytes.count)
    }

    @Test(
        "An object is read whole over a line that is cut again and again",
        .enabled(if: ProcessInfo.processInfo.environment["MLOPS_TEST_S3_CUT"] != nil, "no such line"))
    func cutLine() async throws {
        let name = "cut-\(UUID().uuidString.lowercased())"
        let bytes = Data((0..<3 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) })
        for key in ["a/1", "a/2", "a/3"] { try await bucket(name).put(bytes, at: key) }
        let line = try #require(URL(string: environment["MLOPS_TEST_S3_CUT"] ?? ""))
        let cut = try S3Bucket(
            name, endpoint: line, credentials: S3Credentials(environment: environment), backoff: quickBackoff)
        #expect(try await cut.object("a/1") == bytes)
        try await DataSourceExam(of: S3Source(cut)).run()
    }

    @Test("A wrong secret is refused") func wrongSecret() async throws {
        let error = await #expect(throws: MLOpsError.self) {
            try await bucket("objects", secret: "wrong").object("x")
        }
        #expect(error?.code == .external, "\(error?.description ?? "")")
    }

    @Test("A bucket and a server that are not there are told apart") func missing() async throws {
        let bucket = try await bucket("exam-\(UUID().uuidString.lowercased())")
        for i in 0..<4 { try await bucket.put(Data("\(i)".utf8), at: "a/\(i)") }
        let credentials = try #require(S3Credentials(environment: environment))
        let endpoint = try #require(URL(string: environment["MLOPS_TEST_S3"] ?? ""))
        let none = try S3Bucket("no-such-bucket", endpoint: endpoint, credentials: credentials, backoff: quickBackoff)
        try await DataSourceExam(of: S3Source(bucket), missing: S3Source(none)).run()
    }

    @Test("Artifacts pass the exam of their protocol") func artifacts() async throws {
        let bucket = try await bucket("artifacts-\(UUID().uuidString.lowercased())")
        let store = S3ArtifactStore(bucket, prefix: "store")
        try await ArtifactStoreExam(store) { digest in
            try await bucket.put(Data("damaged".utf8), at: store.key(of: digest))
        }.run()
    }

    @Test("An ingestion from the bucket accounts for every object") func ingestion() async throws {
        let bucket = try await bucket("ingest-\(UUID().uuidString.lowercased())")
        for i in 0..<30 { try await bucket.put(Data("\(i / 2)".utf8), at: "\(i % 3 == 0 ? "cat" : "dog")/\(i)") }
        let folder = FileManager.default.temporaryDirectory.appending(path: "s3-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = try await Ingestion("bucket", checks: [.labeled]).run(
            from: S3Source(bucket), into: DatasetStore(at: folder))
        #expect(report.accepted == 15 && report.rejected == 15)
    }
}
