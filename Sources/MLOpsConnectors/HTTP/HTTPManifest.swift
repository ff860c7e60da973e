package import Foundation
internal import MLOpsCore
package import MLOpsData

/// The lines of a manifest, read one after the other: memory holds its bytes, and no list of what they say.
package struct HTTPManifest: Sendable {
    /// A line that is not blank.
    package struct Line: Sendable {
        /// The number of the line, from 1.
        package var number: Int
        /// The file that it names, or what is wrong with it.
        package var item: Result<HTTPSource.Item, JSONObjectReader.Fault>
    }

    private static let maxLineBytes = 1 << 16

    private let bytes: Data
    private let url: URL
    private var place: Data.Index
    private var number = 0

    /// Reads bytes as the manifest at an address, to which those in it may be relative; a UTF-8 byte order mark is passed
    /// over.
    package init(_ bytes: Data, at url: URL) {
        self.bytes = bytes
        self.url = url
        place = bytes.startIndex + (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    }

    /// The next line that is not blank; `nil` at the end.
    package mutating func next() -> Line? {
        while place < bytes.endIndex {
            let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            let line = bytes[place..<end]
            place = end < bytes.endIndex ? end + 1 : end
            number += 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            return Line(
                number: number, item: Result { () throws(JSONObjectReader.Fault) in try item(line) })
        }
        return nil
    }

    private func item(_ line: Data) throws(JSONObjectReader.Fault) -> HTTPSource.Item {
        guard line.count <= Self.maxLineBytes else { throw fault("more than \(Self.maxLineBytes) bytes") }
        guard let text = String(validating: line, as: UTF8.self) else { throw fault("broken UTF-8") }
        var members: [String: JSONObjectReader.Value] = [:]
        if text.first(where: { !$0.isWhitespace }) == "{" {
            members = try JSONObjectReader.members(of: Data(line), maxDepth: 16)
        } else {
            members["url"] = .string(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        guard let address = members.removeValue(forKey: "url")?.text, !address.isEmpty,
            let url = URL(string: address, relativeTo: url)?.absoluteURL
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
