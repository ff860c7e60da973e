internal import Foundation
internal import MLOpsCore
internal import MLOpsData

/// The files of an ``HTTPSource``, from its list or its manifest, as one page.
struct HTTPListing: RemoteListing {
    let source: HTTPSource
    private var isDone = false

    init(source: HTTPSource) { self.source = source }

    mutating func next() async throws -> [RemoteObject] {
        if isDone { return [] }
        isDone = true
        switch source.list {
        case .items(let items): return items.map(object)
        case .manifest(let url):
            let lines = try await source.fetch(url).split(separator: 0x0A, omittingEmptySubsequences: false)
            return lines.enumerated().filter { !$1.allSatisfy { $0 == 0x20 || $0 == 0x0D } }
                .map { number, line in object(line: line, number: number + 1, of: url) }
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

    private func object(line: Data, number: Int, of manifest: URL) -> RemoteObject {
        do { return object(try item(line, of: manifest)) } catch {
            return .refused("line-\(number)", "Line \(number) of the manifest has \(error.what).")
        }
    }

    private func item(_ line: Data, of manifest: URL) throws(JSONObjectReader.Fault) -> HTTPSource.Item {
        guard let text = String(validating: line, as: UTF8.self) else { throw fault("broken UTF-8") }
        var members: [String: JSONObjectReader.Value] = [:]
        if text.first(where: { !$0.isWhitespace }) == "{" {
            members = try JSONObjectReader.members(of: Data(line), maxDepth: 16)
        } else {
            members["url"] = .string(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        guard let address = members.removeValue(forKey: "url")?.text, !address.isEmpty,
            let url = URL(string: address, relativeTo: manifest)?.absoluteURL
        else { throw fault("no address in 'url'") }
        var item = HTTPSource.Item(url, id: members.removeValue(forKey: "id")?.text)
        item.label = members.removeValue(forKey: "label")?.text
        if let hex = members.removeValue(forKey: "sha256")?.text {
            guard let digest = Digest(hex: hex) else { throw fault("'\(hex.prefix(80))' for a SHA-256") }
            item.digest = digest
        }
        item.attributes = members.compactMapValues(\.text)
        return item
    }

    private func fault(_ what: String) -> JSONObjectReader.Fault { JSONObjectReader.Fault(what: what, place: 0) }
}
