public import AsyncHTTPClient
public import Foundation
public import MLOpsCore
public import MLOpsData
internal import NIOHTTP1

/// A ``DataSource`` of files at web addresses, from a list in memory or a manifest on the web.
///
/// Several are fetched at once and handed on in order. Lost connections, timeouts and the answers 408, 429 and 5xx are
/// tried again after pauses that double, and a download that was broken off goes on by its range (RFC 9110) where the
/// server names its content. An address that the server refuses, or with a file above the limit, is a record with a
/// read failure. When the server fails for three in a row, try after try, the sequence throws before the first of them,
/// and the next run goes on there. Memory holds the list or the bytes of the manifest, and `concurrency` files of at most
/// `maxBytes`.
public struct HTTPSource: DataSource {
    /// A file at a web address.
    public struct Item: Sendable, Hashable {
        /// The address; `http` or `https`.
        public var url: URL
        /// The name of the record; by default the address without its query, which may hold a key.
        public var id: String
        /// The class; `nil` when not labeled.
        public var label: String?
        /// What else is known.
        public var attributes: [String: String]
        /// The SHA-256 that the bytes must have, when it is known.
        public var digest: Digest?

        /// Makes an item.
        public init(
            _ url: URL, id: String? = nil, label: String? = nil, attributes: [String: String] = [:],
            digest: Digest? = nil
        ) {
            self.url = url
            self.id = id ?? String(url.absoluteString.redactingAddresses.prefix { $0 != "?" })
            self.label = label
            self.attributes = attributes
            self.digest = digest
        }
    }

    enum List: Sendable {
        case items([Item])
        case manifest(URL)
    }

    let list: List
    let headers: [(name: String, value: String)]
    let maxBytes: Int
    let concurrency: Int
    let transfer: HTTPTransfer

    /// Makes a source of a list of files.
    ///
    /// - Parameters:
    ///   - headers: what else the server asks for, such as `Authorization`.
    ///   - maxBytes: the most bytes that a file may have; a larger one is a record with a read failure.
    ///   - concurrency: how many files are fetched at once.
    ///   - timeout: how long a request may take until its answer begins.
    ///   - backoff: the pauses between tries, and how many there are.
    ///   - clock: what waits between tries.
    public init(
        _ items: [Item], headers: [(name: String, value: String)] = [], maxBytes: Int = 64 << 20, concurrency: Int = 8,
        timeout: Duration = .seconds(30), backoff: Backoff = Backoff(), client: HTTPClient? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        list = .items(items)
        self.headers = headers
        self.maxBytes = maxBytes
        self.concurrency = concurrency
        transfer = HTTPTransfer(client: client ?? .ofConnectors, timeout: timeout, backoff: backoff, clock: clock)
    }

    /// Makes a source of the files that a manifest lists, one a line.
    ///
    /// A line is an address, or a JSON object with `url` and, if known, `id`, `label` and `sha256`; its other members
    /// become attributes. Addresses may be relative to that of the manifest. A line that is neither, or is above 64 KiB,
    /// is a record with a read failure. The manifest itself may have `maxBytes`. Headers are sent to the server of the
    /// manifest only. Parameters as above.
    public init(
        manifest: URL, headers: [(name: String, value: String)] = [], maxBytes: Int = 64 << 20, concurrency: Int = 8,
        timeout: Duration = .seconds(30), backoff: Backoff = Backoff(), client: HTTPClient? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        list = .manifest(manifest)
        self.headers = headers
        self.maxBytes = maxBytes
        self.concurrency = concurrency
        transfer = HTTPTransfer(client: client ?? .ofConnectors, timeout: timeout, backoff: backoff, clock: clock)
    }

    /// Streams the records from `position` on.
    ///
    /// The sequence throws ``MLOpsError``: `notFound` when the manifest is not there, `external` when the server
    /// refuses it, `unavailable` when the server can't be reached or fails again and again.
    public func records(
        from position: SourcePosition
    ) -> any AsyncSequence<SourcedRecord<RawRecord>, any Error> & Sendable {
        RemoteRecords(
            listing: HTTPListing(source: self), start: position.offset, concurrency: concurrency, failuresInARow: 3)
    }

    /// Whether a server is the one that the headers are for: what a manifest lists may be anywhere.
    private func mayKnowHeaders(_ url: URL) -> Bool {
        guard case .manifest(let manifest) = list else { return true }
        return url.scheme == manifest.scheme && url.host() == manifest.host() && url.port == manifest.port
    }

    /// The bytes at an address.
    func fetch(_ url: URL) async throws -> Data {
        guard url.isWebAddress else {
            throw MLOpsError(
                .invalidArgument, "'\(url.absoluteString.redactingAddresses)' is no web address.",
                help: "Give one that begins with http:// or https://, with a port of at most 65535.")
        }
        let place = url.absoluteString.redactingAddresses
        let reply = try await transfer.reply(from: place, maxBytes: maxBytes) { added in
            var request = HTTPClientRequest(url: url.absoluteString)
            // Ranges are of the bytes as they are stored.
            request.headers.add(name: "accept-encoding", value: "identity")
            for header in (mayKnowHeaders(url) ? headers : []) + added {
                request.headers.add(name: header.name, value: header.value)
            }
            return request
        }
        guard reply.status == 200 else {
            throw MLOpsError(
                reply.status == 404 || reply.status == 410 ? .notFound : .external,
                "\(place) answered \(reply.status).", help: "Check the address, and the headers that it asks for.")
        }
        return reply.body
    }
}
