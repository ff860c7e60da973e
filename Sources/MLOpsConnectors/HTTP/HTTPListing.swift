internal import Foundation
internal import MLOpsCore
internal import MLOpsData

/// The files of an ``HTTPSource``, from its list or its manifest, some at a time.
struct HTTPListing: RemoteListing {
    private static let pageCount = 256

    let source: HTTPSource
    /// How much of a list was given.
    private var taken = 0
    private var manifest: HTTPManifest?

    init(source: HTTPSource) { self.source = source }

    mutating func next() async throws -> [RemoteObject] {
        switch source.list {
        case .items(let items):
            let page = items[taken...].prefix(Self.pageCount)
            taken += page.count
            return page.map(object)
        case .manifest(let url):
            if manifest == nil { manifest = HTTPManifest(try await source.fetch(url), at: url) }
            var page: [RemoteObject] = []
            while page.count < Self.pageCount, let line = manifest?.next() { page.append(object(line)) }
            return page
        }
    }

    private func object(_ item: HTTPSource.Item) -> RemoteObject {
        if let fault = RawRecord.fault(inID: item.id) { return .refused(item.id, fault) }
        return RemoteObject(id: item.id, label: item.label, attributes: item.attributes) { [source] in
            let bytes = try await source.fetch(item.url)
            if let digest = item.digest {
                let found = Digest(of: bytes)
                guard found == digest else {
                    throw MLOpsError(
                        .digestMismatch, "'\(item.id)' has the digest \(found), not \(digest).",
                        help: "The file was changed or damaged; correct the list or the file.")
                }
            }
            return bytes
        }
    }

    private func object(_ line: HTTPManifest.Line) -> RemoteObject {
        switch line.item {
        case .success(let item): object(item)
        case .failure(let fault):
            .refused("line-\(line.number)", "Line \(line.number) of the manifest has \(fault.what).")
        }
    }
}
