internal import AsyncHTTPClient
internal import Foundation
internal import MLOpsCore
internal import NIOCore
internal import NIOHTTP1

extension HTTPClient {
    /// The client of connectors that are given none: redirects are left to ``follow(_:timeout:)``, which looks at them before
    /// it goes there; how much is asked for at a time, to the connectors; and HTTP/2, in which an impossible status can't be
    /// caught before it ends the process, to others.
    static let ofConnectors: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        configuration.http1_1ConnectionDebugInitializer = StatusCheck.add
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    private static let mostRedirects = 10
    /// What a server that was not asked may know: nothing that the user gave.
    private static let headersForOthers = ["accept-encoding", "range", "if-range"]

    /// The answer to a request; what is only asked for is asked for wherever it is now.
    ///
    /// Headers that may say who asks are for the server that was asked first. Source: RFC 9110, section 15.4.
    /// - Throws: what the client throws; ``MLOpsError`` with `external` for a redirect to what is no web address, or one
    ///   too many.
    func follow(_ request: HTTPClientRequest, timeout: Duration) async throws -> HTTPClientResponse {
        var request = request
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        for _ in 0...Self.mostRedirects {
            let response = try await execute(request, deadline: deadline)
            guard [.GET, .HEAD].contains(request.method), [301, 302, 303, 307, 308].contains(response.status.code),
                let location = response.headers.first(name: "location"), let here = URL(string: request.url)
            else { return response }
            guard let there = URL(string: location, relativeTo: here)?.absoluteURL, there.isWebAddress else {
                let place = String(location.prefix(200)).redactingAddresses
                throw Self.lost(request, "to '\(place)', which is no web address")
            }
            if here.scheme != there.scheme || here.host() != there.host() || here.port != there.port {
                let kept = request.headers.filter { Self.headersForOthers.contains($0.name.lowercased()) }
                request.headers = HTTPHeaders(kept.map { ($0.name, $0.value) })
            }
            request.url = there.absoluteString
        }
        throw Self.lost(request, "again and again")
    }

    private static func lost(_ request: HTTPClientRequest, _ how: String) -> MLOpsError {
        MLOpsError(
            .external, "\(request.url.redactingAddresses) redirects \(how).",
            help: "Give the address of the file itself.")
    }
}
