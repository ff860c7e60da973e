internal import Foundation
internal import MLOpsCore
internal import MLOpsData

/// Something to fetch that becomes a record.
struct RemoteObject: Sendable {
    var id: String
    var label: String?
    var attributes: [String: String] = [:]
    /// Fetches the bytes; throws ``MLOpsError``: with `unavailable` when the server failed, with another code when
    /// this object can't be had.
    var fetch: @Sendable () async throws -> Data

    /// An object that can't be fetched, for a reason that is known already.
    static func refused(_ id: String, _ reason: String) -> RemoteObject {
        RemoteObject(id: id) { throw MLOpsError(.invalidArgument, reason, help: "Correct the list.") }
    }
}

/// Lists what there is to fetch, a page at a time.
protocol RemoteListing: Sendable {
    /// The next objects, in order; none at the end.
    mutating func next() async throws -> [RemoteObject]
}
