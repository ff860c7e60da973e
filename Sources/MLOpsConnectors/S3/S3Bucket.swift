public import AsyncHTTPClient
public import Foundation
public import MLOpsCore
internal import NIOCore
internal import NIOHTTP1

/// A bucket of an object store that speaks the protocol of Amazon S3.
///
/// Addresses are those of path style (`endpoint/bucket/key`), requests are signed (Signature Version 4) when there are
/// credentials. Lost connections, timeouts and the answers 408, 429 and 5xx, such as `503 SlowDown`, are tried again
/// after pauses that double; a download that was broken off goes on by its range.
/// Source: Amazon S3 API Reference, version 2006-03-01.
public struct S3Bucket: Sendable {
    /// The name of the bucket.
    public let name: String
    let endpoint: URL
    private let signer: S3RequestSigner?
    private let transfer: HTTPTransfer
    private let wallClock: WallClock

    /// Makes a bucket; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - endpoint: the store's address, `http` or `https`; by default Amazon's for the region.
    ///   - credentials: the keys; without them, requests are not signed.
    ///   - timeout: how long a request may take until its answer begins.
    ///   - backoff: the pauses between tries, and how many there are.
    ///   - wallClock: what dates the signatures; a store refuses those that are 15 minutes off.
    ///   - clock: what waits between tries.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for a name or an address that can't be one.
    public init(
        _ name: String, endpoint: URL? = nil, region: String = "us-east-1", credentials: S3Credentials?,
        timeout: Duration = .seconds(30), backoff: Backoff = Backoff(), client: HTTPClient? = nil,
        wallClock: WallClock = .system, clock: any Clock<Duration> = ContinuousClock()
    ) throws {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
        guard (3...255).contains(name.utf8.count), name.unicodeScalars.allSatisfy(allowed.contains), name != "..."
        else {
            throw MLOpsError(
                .invalidArgument, "'\(name)' is no name of a bucket.",
                help: "Bucket names have 3 to 63 letters, digits, dots and hyphens.")
        }
        guard let endpoint = endpoint ?? URL(string: "https://s3.\(region).amazonaws.com"),
            endpoint.isWebAddress, endpoint.query() == nil
        else {
            throw MLOpsError(
                .invalidArgument,
                "The bucket '\(name)' can't be reached at '\(endpoint?.absoluteString.redactingAddresses ?? region)'.",
                help: "Give an address that begins with http:// or https://, with a port of at most 65535.")
        }
        self.name = name
        self.endpoint = endpoint
        self.wallClock = wallClock
        signer = credentials.map { S3RequestSigner(credentials: $0, region: region) }
        transfer = HTTPTransfer(client: client ?? .ofConnectors, timeout: timeout, backoff: backoff, clock: clock)
    }

    /// A request to the bucket, or to the object with a key.
    struct Request {
        var method: HTTPMethod = .GET
        var key: String?
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body = Data()
        /// The most bytes of the answer.
        var maxBytes = 16 << 20
    }

    /// The answer to a request, signed anew for each try.
    ///
    /// - Throws: ``MLOpsError``: what the store's error stands for; `unavailable` when all tries failed.
    func reply(to request: Request) async throws -> HTTPTransfer.Reply {
        let reply = try await answer(to: request)
        guard (200..<300).contains(reply.status) else { throw refusal(reply, place(of: request)) }
        return reply
    }

    /// Makes the bucket; one that is there, and one's own, is no error.
    ///
    /// - Throws: ``MLOpsError``: `external` when the store refuses, `unavailable` when all tries failed.
    public func make() async throws {
        let request = Request(method: .PUT)
        let reply = try await answer(to: request)
        guard (200..<300).contains(reply.status) || Self.reason(of: reply) == "BucketAlreadyOwnedByYou" else {
            throw refusal(reply, place(of: request))
        }
    }

    /// The answer to a request, whatever its status.
    private func answer(to request: Request) async throws -> HTTPTransfer.Reply {
        let base = endpoint.path(percentEncoded: true)
        let path =
            (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/" + S3RequestSigner.encoded(name)
            + (request.key.map { "/" + S3RequestSigner.encoded($0, keepingSlashes: true) } ?? "")
        let query = S3RequestSigner.encoded(request.query)
        let isDefaultPort = endpoint.port == nil || endpoint.port == (endpoint.scheme == "https" ? 443 : 80)
        let domain = endpoint.host() ?? ""
        let host = (domain.contains(":") ? "[\(domain)]" : domain) + (isDefaultPort ? "" : ":\(endpoint.port ?? 0)")
        let hash = S3RequestSigner.payloadHash(request.body)
        return try await transfer.reply(from: place(of: request), maxBytes: request.maxBytes) { added in
            var headers = request.headers + added
            headers.append(("host", host))
            if let signer {
                let timestamp = Self.timestamp(wallClock.now())
                headers += [("x-amz-date", timestamp), ("x-amz-content-sha256", hash)]
                if let token = signer.credentials.sessionToken { headers.append(("x-amz-security-token", token)) }
                let authorization = signer.authorization(
                    method: request.method.rawValue, path: path, query: request.query, headers: headers,
                    payloadHash: hash, timestamp: timestamp)
                headers.append(("authorization", authorization))
            }
            var message = HTTPClientRequest(
                url: "\(endpoint.scheme ?? "")://\(host)\(path)\(query.isEmpty ? "" : "?" + query)")
            message.method = request.method
            message.headers.add(name: "accept-encoding", value: "identity")
            for header in headers { message.headers.add(name: header.name, value: header.value) }
            if !request.body.isEmpty || request.method == .PUT || request.method == .POST {
                message.body = .bytes(ByteBuffer(bytes: request.body))
            }
            return message
        }
    }

    private func place(of request: Request) -> String { "s3://\(name)/\(request.key ?? "")" }

    /// The word that the store has for an error.
    private static func reason(of reply: HTTPTransfer.Reply) -> String? { (try? S3Document(reply.body))?["Code"] }

    /// The error that an answer stands for.
    private func refusal(_ reply: HTTPTransfer.Reply, _ place: String) -> MLOpsError {
        let code: MLOpsError.Code =
            switch reply.status {
            case 404: .notFound
            case 412: .digestMismatch
            default: .external
            }
        let help =
            switch reply.status {
            case 404: "Check the names of the bucket and the key, and the endpoint."
            case 412: "The object was changed meanwhile; list the bucket anew."
            default:
                "Check the credentials, the region and the rights. \((try? S3Document(reply.body))?["Message"]?.prefix(300) ?? "")"
            }
        return MLOpsError(code, "\(place) answered \(Self.reason(of: reply) ?? "\(reply.status)").", help: help)
    }

    private static func timestamp(_ date: Date) -> String {
        // 2026-05-28T20:26:40Z without what separates.
        let text: String = date.formatted(.iso8601)
        return text.filter { !"-:".contains($0) }
    }
}
