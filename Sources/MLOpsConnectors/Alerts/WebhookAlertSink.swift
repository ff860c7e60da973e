public import AsyncHTTPClient
public import Foundation
internal import MLOpsCore
public import MLOpsMonitor
internal import NIOCore
internal import NIOHTTP1

/// An ``AlertSink`` that posts each alert as JSON to a web address.
///
/// The request is a CloudEvent 1.0 in HTTP binary mode: the body is the alert's JSON, the headers `ce-id`, `ce-source`,
/// `ce-type` and `ce-time` say what it is. The id stays the same when it is sent again, so a receiver can drop
/// repeats. Lost connections and the answers 408, 429 and 5xx are tried again; others throw at once.
public struct WebhookAlertSink: AlertSink {
    private let address: String
    private let receiver: String
    private let headers: [(name: String, value: String)]
    private let timeout: Duration
    private let backoff: Backoff
    private let client: HTTPClient
    private let clock: any Clock<Duration>

    /// Makes a sink.
    ///
    /// - Parameters:
    ///   - url: where alerts are posted; `http` or `https`.
    ///   - headers: what else the receiver asks for, such as `Authorization`.
    ///   - timeout: how long one try may take.
    ///   - clock: what waits between tries.
    /// - Throws: ``MLOpsError`` with `invalidArgument` for another kind of address.
    public init(
        url: URL, headers: [(name: String, value: String)] = [], timeout: Duration = .seconds(10),
        backoff: Backoff = Backoff(), client: HTTPClient? = nil, clock: any Clock<Duration> = ContinuousClock()
    ) throws {
        guard url.isWebAddress else {
            throw MLOpsError(
                .invalidArgument, "Alerts can't be posted to '\(url.absoluteString.redactingAddresses)'.",
                help: "Give an address that begins with http:// or https://, with a port of at most 65535.")
        }
        address = url.absoluteString
        // Paths of webhooks are keys to them, and not for logs.
        receiver = url.host() ?? ""
        self.headers = headers
        self.timeout = timeout
        self.backoff = backoff
        self.client = client ?? .ofConnectors
        self.clock = clock
    }

    /// Posts an alert.
    ///
    /// - Throws: ``MLOpsError`` with `unavailable` when all tries failed, `external` when the receiver refuses it.
    public func send(_ alert: Alert) async throws {
        let body = try CanonicalJSON.encode(alert)
        var failures = 0
        while true {
            let failure: MLOpsError
            do {
                guard let error = try await post(body, of: alert) else { return }
                failure = error
            } catch is CancellationError { throw CancellationError() } catch {
                try Task.checkCancellation()
                failure = MLOpsError(
                    .unavailable, "The alert '\(alert.title)' did not reach \(receiver).",
                    help: "Check that the receiver runs and can be reached from here.", cause: error)
            }
            failures += 1
            guard failure.code == .unavailable, failures < backoff.tries else { throw failure }
            try await clock.sleep(for: backoff.wait(afterFailures: failures))
        }
    }

    /// Posts once; returns what went wrong by the receiver's answer, `nil` for nothing.
    private func post(_ body: Data, of alert: Alert) async throws -> MLOpsError? {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "ce-specversion", value: "1.0")
        request.headers.add(name: "ce-type", value: "org.swift-mlops.alert.v1")
        request.headers.add(name: "ce-id", value: alert.id)
        // A header holds ASCII only; the source is an attribute that CloudEvents asks to be percent-encoded.
        let source = alert.source.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
        request.headers.add(name: "ce-source", value: source.isEmpty ? "unknown" : source)
        request.headers.add(name: "ce-time", value: alert.at.formatted(.iso8601))
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await client.execute(request, timeout: TimeAmount(timeout))
        let status = response.status
        guard !(200..<300).contains(status.code) else { return nil }
        let mayRecover = status.code >= 500 || status.code == 408 || status.code == 429
        return MLOpsError(
            mayRecover ? .unavailable : .external, "\(receiver) answered \(status) to the alert '\(alert.title)'.",
            help: mayRecover ? "Try again later." : "Check the address and the headers that the receiver asks for.")
    }
}
