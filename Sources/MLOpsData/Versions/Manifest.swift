internal import Foundation
internal import MLOpsCore

/// The text of a ``DatasetVersion``: lines of canonical JSON, first a header, then the entries in order.
enum Manifest {
    typealias Bytes = Data

    private static let format = "mlops-dataset-1"

    private struct Header: Codable {
        var format: String
        var entries: Int
        var labels: [String]
        var rejected: [String: Int]
    }

    /// The canonical bytes.
    ///
    /// `entries` and `labels` come in the order of their UTF-8 bytes.
    static func encode(entries: [DatasetEntry], labels: [String], rejected: [String: Int]) throws -> Bytes {
        var bytes = try CanonicalJSON.encode(
            Header(format: format, entries: entries.count, labels: labels, rejected: rejected))
        bytes.append(UInt8(ascii: "\n"))
        for entry in entries {
            bytes.append(try CanonicalJSON.encode(entry))
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    static func decode(
        _ bytes: Bytes, source: String
    ) throws -> (entries: [DatasetEntry], labels: [String], rejected: [String: Int]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else {
            throw MLOpsError(.corruptData, "The manifest \(source) is empty.", help: "Restore it from a copy.")
        }
        let header = try CanonicalJSON.decode(Header.self, from: first, source: source)
        guard header.format == format else {
            throw MLOpsError(
                .newerSchema, "The manifest \(source) has the format '\(header.format)', not '\(format)'.",
                help: "Open it with the release that wrote it.")
        }
        guard header.entries == lines.count - 1 else {
            throw MLOpsError(
                .corruptData, "The manifest \(source) has \(lines.count - 1) entries, not \(header.entries).",
                help: "Restore it from a copy.")
        }
        // Entries are read a few hundred at a time, as one array: far faster than one by one.
        var entries: [DatasetEntry] = []
        entries.reserveCapacity(header.entries)
        for start in stride(from: 1, to: lines.count, by: 512) {
            var array = Data("[".utf8)
            for line in lines[start..<min(start + 512, lines.count)] {
                if array.count > 1 { array.append(UInt8(ascii: ",")) }
                array.append(line)
            }
            array.append(UInt8(ascii: "]"))
            entries += try CanonicalJSON.decode([DatasetEntry].self, from: array, source: source)
        }
        return (entries, header.labels, header.rejected)
    }
}
