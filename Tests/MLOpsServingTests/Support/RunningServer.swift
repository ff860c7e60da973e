import AsyncHTTPClient
import Foundation
import MLOpsCore
import MLOpsServing
import NIOCore
import NIOHTTP1

extension InferenceServer {
    /// Runs the server on any free port while the body runs, and then stops it.
    func whileRunning(_ body: @escaping @Sendable (URL) async throws -> Void) async throws {
        try await run { url in
            do { try await body(url) } catch {
                await self.stop()
                throw error
            }
            await self.stop()
        }
    }
}

/// An answer to a plain HTTP request.
struct Reply {
    var status: UInt
    /// By name in lower case.
    var headers: [String: String]
    var body: Data

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
    var text: String { String(decoding: body, as: UTF8.self) }

    static func get(_ url: URL, _ path: String) async throws -> Reply {
        try await send(HTTPClientRequest(url: url.absoluteString + path))
    }

    static func post(
        _ url: URL, _ path: String, _ body: Data, headers: [(String, String)] = []
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: url.absoluteString + path)
        request.method = .POST
        request.headers = HTTPHeaders(headers)
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await send(request)
    }

    static func post(_ url: URL, _ path: String, _ json: String) async throws -> Reply {
        try await post(url, path, Data(json.utf8), headers: [("content-type", "application/json")])
    }

    private static func send(_ request: HTTPClientRequest) async throws -> Reply {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 64 << 20)
        let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return Reply(status: response.status.code, headers: headers, body: Data(body.readableBytesView))
    }
}
